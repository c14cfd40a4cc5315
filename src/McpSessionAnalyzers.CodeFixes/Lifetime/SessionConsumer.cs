using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>A class whose constructor gets the session from the container, and every place where it uses it.</summary>
internal sealed class SessionConsumer
{
    private readonly SharedRegistration _registration;
    private readonly DocumentEdits _document;
    private readonly SemanticModel _model;
    private readonly INamedTypeSymbol _shared;
    private readonly List<TypeSyntax> _types = new();
    private readonly List<(ExpressionSyntax Use, string Token)> _uses = new();

    private SessionConsumer(INamedTypeSymbol type, INamedTypeSymbol shared, SharedRegistration registration, DocumentEdits document)
    {
        Type = type;
        _shared = shared;
        _registration = registration;
        _document = document;
        _model = document.Model;
    }

    public INamedTypeSymbol Type { get; }

    /// <summary>The consumer that has <paramref name="parameter"/>; null where it can't ask a shared session instead.</summary>
    public static SessionConsumer? Find(TypeSyntax type, ParameterSyntax parameter, SharedRegistration registration, DocumentEdits document, CancellationToken cancellationToken)
    {
        if (parameter.Default is not null || parameter.AttributeLists.Count > 0 || parameter.Modifiers.Count > 0
            || parameter.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not ClassDeclarationSyntax declaration
            || document.Model.GetDeclaredSymbol(declaration, cancellationToken) is not { DeclaringSyntaxReferences.Length: 1 } owner
            || document.Model.GetDeclaredSymbol(parameter, cancellationToken) is not { } symbol
            || document.Model.Compilation.GetTypesByMetadataName("McpSessions.SharedMcpSession").FirstOrDefault() is not { } shared)
        {
            return null;
        }

        var consumer = new SessionConsumer(owner, shared, registration, document);
        consumer._types.Add(type);
        return consumer.Follow(symbol, declaration, isParameter: true, cancellationToken) ? consumer : null;
    }

    public void Write()
    {
        foreach (var type in _types)
        {
            _document.Text.Replace(type.Span, _document.Usings.NameOf(_shared, type.SpanStart));
        }

        foreach (var (use, token) in _uses)
        {
            var get = $"{use}.GetClientAsync({token})";
            _document.Text.Replace(use.Span, _registration.IsTask ? get : NeedsParentheses(use) ? $"(await {get})" : $"await {get}");
        }
    }

    private static bool NeedsParentheses(ExpressionSyntax use) => use.Parent is not (ArgumentSyntax or EqualsValueClauseSyntax or ArrowExpressionClauseSyntax);

    /// <summary>Every mention of the parameter, or of the field that takes it.</summary>
    private bool Follow(ISymbol held, ClassDeclarationSyntax declaration, bool isParameter, CancellationToken cancellationToken)
    {
        foreach (var name in declaration.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.ValueText != held.Name || !SymbolEqualityComparer.Default.Equals(_model.GetSymbolInfo(name, cancellationToken).Symbol, held))
            {
                continue;
            }

            ExpressionSyntax whole = name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } own && own.Name == name ? own : name;
            if (isParameter && FieldThatTakes(whole, cancellationToken) is { } field)
            {
                if (!FollowField(field, declaration, cancellationToken))
                {
                    return false;
                }
            }
            else if (!IsTaken(whole) && !AddUse(whole))
            {
                return false;
            }
        }

        return true;
    }

    private bool FollowField(IFieldSymbol field, ClassDeclarationSyntax declaration, CancellationToken cancellationToken)
    {
        if (field is not { DeclaredAccessibility: Accessibility.Private, IsStatic: false, IsReadOnly: true }
            || !SessionConsumers.Same(_registration.IsTask && field.Type is INamedTypeSymbol { TypeArguments: { Length: 1 } inner } ? inner[0] : field.Type, _registration.Session)
            || field.DeclaringSyntaxReferences is not { Length: 1 } references
            || references[0].GetSyntax(cancellationToken) is not VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Type: var type } }
            || type is NullableTypeSyntax)
        {
            return false;
        }

        _types.Add(type);
        return Follow(field, declaration, isParameter: false, cancellationToken);
    }

    /// <summary><c>_mcp = mcp;</c>, <c>_mcp = mcp ?? throw …</c> in a constructor, <c>McpClient _mcp = mcp;</c> beside a primary one.</summary>
    private IFieldSymbol? FieldThatTakes(ExpressionSyntax parameter, CancellationToken cancellationToken)
    {
        SyntaxNode value = parameter.Parent is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression, Right: ThrowExpressionSyntax } guard && guard.Left == parameter ? guard : parameter;
        return value.Parent switch
        {
            AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Parent: ExpressionStatementSyntax or ArrowExpressionClauseSyntax } assignment
                when assignment.Right == value => _model.GetSymbolInfo(assignment.Left, cancellationToken).Symbol as IFieldSymbol,
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } declarator } => _model.GetDeclaredSymbol(declarator, cancellationToken) as IFieldSymbol,
            _ => null,
        };
    }

    /// <summary>The place that a constructor fills, a check for null, a name.</summary>
    private static bool IsTaken(ExpressionSyntax mention) =>
        (mention.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment && assignment.Left == mention
            && mention.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is not null)
        || mention.Parent is ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax { Expression: var called } } }
            && called.ToString() is "nameof" or "ArgumentNullException.ThrowIfNull";

    private bool AddUse(ExpressionSyntax use)
    {
        if (Functions.Around(use) is not { } function
            || !Functions.IsAsync(function)
            || !CanAwaitAt(use, function)
            || !(_registration.IsTask ? use.Parent is AwaitExpressionSyntax : IsPlainUse(use)))
        {
            return false;
        }

        _uses.Add((use, TokenOf(use)));
        return true;
    }

    /// <summary>It is called on, or passed on; it is not closed, kept, compared or asked for what may be missing.</summary>
    private static bool IsPlainUse(ExpressionSyntax use) => use.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression == use && access.Name.Identifier.ValueText is not ("DisposeAsync" or "Dispose"),
        ArgumentSyntax argument => argument.RefKindKeyword.IsKind(SyntaxKind.None) && argument.Parent is ArgumentListSyntax { Parent: InvocationExpressionSyntax },
        _ => false,
    };

    private static bool CanAwaitAt(SyntaxNode use, SyntaxNode function) =>
        !use.Ancestors().TakeWhile(node => node != function)
            .Any(node => node is LockStatementSyntax or CatchFilterClauseSyntax or QueryExpressionSyntax or UnsafeStatementSyntax or FixedStatementSyntax);

    /// <summary>The token of the nearest function that has one.</summary>
    private string TokenOf(SyntaxNode use)
    {
        foreach (var node in use.Ancestors())
        {
            var parameters = node switch
            {
                ParenthesizedLambdaExpressionSyntax lambda => lambda.ParameterList.Parameters,
                LocalFunctionStatementSyntax local => local.ParameterList.Parameters,
                MethodDeclarationSyntax method => method.ParameterList.Parameters,
                _ => default,
            };
            var token = parameters.FirstOrDefault(parameter => _model.GetDeclaredSymbol(parameter) is IParameterSymbol { Type.Name: "CancellationToken", RefKind: RefKind.None });
            if (token is not null)
            {
                return token.Identifier.Text;
            }

            if (node is MemberDeclarationSyntax)
            {
                break;
            }
        }

        return "";
    }
}

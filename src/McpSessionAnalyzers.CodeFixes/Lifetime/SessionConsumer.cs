using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>Who gets the session from the container, by a constructor, as the parameter of an endpoint or by asking, and every place where it is used.</summary>
internal sealed class SessionConsumer
{
    private readonly SharedRegistration _registration;
    private readonly DocumentEdits _document;
    private readonly SemanticModel _model;
    private readonly INamedTypeSymbol _shared;
    private readonly List<TypeSyntax> _types = new();
    private readonly List<(ExpressionSyntax Use, string Token)> _uses = new();

    private SessionConsumer(INamedTypeSymbol shared, SharedRegistration registration, DocumentEdits document)
    {
        _shared = shared;
        _registration = registration;
        _document = document;
        _model = document.Model;
    }

    /// <summary>The class whose constructor gets it.</summary>
    public INamedTypeSymbol? Type { get; private init; }

    /// <summary>The action that gets it.</summary>
    public IMethodSymbol? Method { get; private init; }

    /// <summary>Whoever has <paramref name="parameter"/>; null where it can't ask a shared session instead.</summary>
    public static SessionConsumer? OfParameter(TypeSyntax type, ServiceParameter parameter, SharedRegistration registration, DocumentEdits document, CancellationToken cancellationToken)
    {
        var syntax = parameter.Syntax;
        if (syntax.Default is not null || syntax.Modifiers.Count > 0
            || document.Model.GetDeclaredSymbol(syntax, cancellationToken) is not { } symbol
            || SharedIn(document) is not { } shared)
        {
            return null;
        }

        var owner = parameter.Function is AnonymousFunctionExpressionSyntax ? null : document.Model.GetDeclaredSymbol(parameter.Function, cancellationToken);
        var made = owner as INamedTypeSymbol ?? (owner is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor ? constructor.ContainingType : null);
        SyntaxNode? scope = made is null ? parameter.Function : syntax.FirstAncestorOrSelf<ClassDeclarationSyntax>();
        if (scope is null || made is { DeclaringSyntaxReferences.Length: not 1 })
        {
            return null;
        }

        var consumer = new SessionConsumer(shared, registration, document) { Type = made, Method = made is null ? owner as IMethodSymbol : null };
        consumer._types.Add(type);
        return consumer.Follow(symbol, scope, isParameter: true, cancellationToken) ? consumer : null;
    }

    /// <summary><c>provider.GetRequiredService&lt;McpClient&gt;()</c>.</summary>
    public static SessionConsumer? OfRequest(TypeSyntax type, GenericNameSyntax name, SharedRegistration registration, DocumentEdits document, CancellationToken cancellationToken)
    {
        if (name.Parent is not MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax ask }
            || document.Model.GetOperation(ask, cancellationToken) is not IInvocationOperation operation
            || ContainerServices.AskedFor(operation) is null
            || SharedIn(document) is not { } shared)
        {
            return null;
        }

        var consumer = new SessionConsumer(shared, registration, document);
        consumer._types.Add(type);
        return consumer.AddRequest(ask, cancellationToken) ? consumer : null;
    }

    public void Write()
    {
        foreach (var type in _types)
        {
            _document.Text.Replace(type.Span, _document.Usings.NameOf(_shared, type.SpanStart));
        }

        foreach (var (use, token) in _uses)
        {
            // What is awaited already is awaited now for the session.
            var (before, after) = _registration.Wrappers.Count > 0 ? ("", "") : NeedsParentheses(use) ? ("(await ", ")") : ("await ", "");
            _document.Text.Insert(use.SpanStart, before);
            _document.Text.Replace(TextSpan.FromBounds(use.Span.End, TaskOf(use).Span.End), $".GetClientAsync({token}){after}");
        }
    }

    private static INamedTypeSymbol? SharedIn(DocumentEdits document) =>
        document.Model.Compilation.GetTypesByMetadataName("McpSessions.SharedMcpSession").FirstOrDefault();

    private static bool NeedsParentheses(ExpressionSyntax use) => use.Parent is not (ArgumentSyntax or EqualsValueClauseSyntax or ArrowExpressionClauseSyntax);

    /// <summary>Every mention of the parameter, or of the field that takes it.</summary>
    private bool Follow(ISymbol held, SyntaxNode scope, bool isParameter, CancellationToken cancellationToken)
    {
        foreach (var name in scope.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.ValueText != held.Name || !SymbolEqualityComparer.Default.Equals(_model.GetSymbolInfo(name, cancellationToken).Symbol, held))
            {
                continue;
            }

            ExpressionSyntax whole = name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } own && own.Name == name ? own : name;
            if (isParameter && FieldThatTakes(whole, cancellationToken) is { } field)
            {
                if (!FollowField(field, scope, cancellationToken))
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

    private bool FollowField(IFieldSymbol field, SyntaxNode scope, CancellationToken cancellationToken)
    {
        if (field is not { DeclaredAccessibility: Accessibility.Private, IsStatic: false, IsReadOnly: true }
            || !SessionConsumers.Same(SharedRegistration.Unwrap(field.Type).Session, _registration.Session)
            || field.DeclaringSyntaxReferences is not { Length: 1 } references
            || references[0].GetSyntax(cancellationToken) is not VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Type: var type } }
            || type is NullableTypeSyntax)
        {
            return false;
        }

        _types.Add(type);
        return Follow(field, scope, isParameter: false, cancellationToken);
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
            || !(_registration.Wrappers.Count > 0 ? IsAwaited(TaskOf(use)) : IsPlainUse(use)))
        {
            return false;
        }

        _uses.Add((use, TokenOf(use)));
        return true;
    }

    /// <summary>It is used on the spot, or from a local that nobody closes.</summary>
    private bool AddRequest(InvocationExpressionSyntax ask, CancellationToken cancellationToken)
    {
        if (_registration.Wrappers.Count > 0 || ask.Parent is not EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax declaration } declarator })
        {
            return AddUse(ask);
        }

        if (!declaration.UsingKeyword.IsKind(SyntaxKind.None)
            || _model.GetDeclaredSymbol(declarator, cancellationToken) is not { } local
            || Functions.Around(ask) is not { } function
            || !Functions.IsAsync(function)
            || !CanAwaitAt(ask, function)
            || !function.DescendantNodes().OfType<IdentifierNameSyntax>().All(name =>
                name.Identifier.ValueText != local.Name || !SymbolEqualityComparer.Default.Equals(_model.GetSymbolInfo(name, cancellationToken).Symbol, local) || IsPlainUse(name)))
        {
            return false;
        }

        _uses.Add((ask, TokenOf(ask)));
        return true;
    }

    /// <summary>What of a registered task or lazy task is awaited: <c>_mcp</c>, <c>_mcp.Value</c>.</summary>
    private ExpressionSyntax TaskOf(ExpressionSyntax use) =>
        _registration.Wrappers.Contains("Lazy") && use.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Value" } value && value.Expression == use ? value : use;

    private bool IsAwaited(ExpressionSyntax task) =>
        (_registration.Wrappers.Contains("Lazy") == task is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Value" })
        && (task.Parent is AwaitExpressionSyntax
            || task.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax { Parent: AwaitExpressionSyntax } });

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

using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// What an opening needs of an instance that the container makes, as the container itself can be asked for it: singletons that the constructor was
/// given, and fields that it has made of them.
/// </summary>
internal sealed class InjectedValues
{
    /// <summary>How a factory's provider is called.</summary>
    public const string Provider = "sp";

    private readonly Dictionary<ISymbol, ExpressionSyntax?> _values = new(SymbolEqualityComparer.Default);
    private readonly CompilationFacts _facts;
    private readonly CancellationToken _cancellationToken;

    private InjectedValues(CompilationFacts facts, CancellationToken cancellationToken)
    {
        _facts = facts;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Null where the opening needs anything else of the instance, or of the place where it stands.</summary>
    public static InjectedValues? Of(OpeningRecipe recipe, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var values = new InjectedValues(facts, cancellationToken);
        return recipe.Members.All(values.AddMember) && recipe.Texts.All(values.AddNames) ? values : null;
    }

    /// <summary>How <paramref name="symbol"/> is written in the factory of a registration; null: as it is.</summary>
    public string? TextOf(ISymbol symbol, RegistrationSite site)
    {
        switch (symbol)
        {
            case IFieldSymbol { IsConst: true, ConstantValue: { } constant }:
                return SymbolDisplay.FormatPrimitive(constant, quoteStrings: true, useHexadecimalNumbers: false);
            case var _ when !_values.TryGetValue(symbol, out var value):
                return null;
            case IParameterSymbol parameter:
                return site.Ask(parameter.Type);
            default:
                return Written(_values[symbol]!, site);
        }
    }

    /// <summary>Imports what the moved code names where it is registered; false where a name means something else there.</summary>
    public bool CanBeNamedAt(RegistrationSite site, OpeningRecipe recipe)
    {
        foreach (var text in recipe.Texts.Concat(_values.Values.OfType<SyntaxNode>()))
        {
            var model = _facts.Sessions.Bodies.ModelOf(text.SyntaxTree);
            foreach (var name in text.DescendantNodesAndSelf().OfType<SimpleNameSyntax>())
            {
                var symbol = model.GetSymbolInfo(name, _cancellationToken).Symbol;
                var type = symbol as INamedTypeSymbol ?? (symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension.ContainingType : null);
                if (type is not null && (!site.CanName(type) || (name.Parent is not QualifiedNameSyntax && symbol is INamedTypeSymbol && site.NameOf(type) != name.Identifier.ValueText)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool AddMember(ISymbol member)
    {
        if (member is not (IFieldSymbol { IsStatic: false } or IPropertySymbol { IsStatic: false, SetMethod: null }) || ValueOf(member) is not { } value)
        {
            return false;
        }

        // One of its own for each object, as an id is, would become one for all.
        var model = _facts.Sessions.Bodies.ModelOf(value.SyntaxTree);
        if (model.GetOperation(value, _cancellationToken) is not { } operation
            || !Repeatable.LeavesNoTrace(operation)
            || operation.DescendantsAndSelf().Any(part => part is ILocalReferenceOperation or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }))
        {
            return false;
        }

        _values[member] = value;
        return AddNames(value);
    }

    /// <summary>Every name in it is known elsewhere too, or is a singleton that the constructor was given.</summary>
    private bool AddNames(SyntaxNode expression)
    {
        var model = _facts.Sessions.Bodies.ModelOf(expression.SyntaxTree);
        foreach (var name in expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>())
        {
            if (name.Parent is MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax } access && access.Name == name)
            {
                continue;
            }

            switch (model.GetSymbolInfo(name, _cancellationToken).Symbol)
            {
                case IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } parameter:
                    if (!ContainerServices.IsSingleton(parameter.Type, _facts, _cancellationToken))
                    {
                        return false;
                    }

                    _values[parameter] = null;
                    break;
                case IFieldSymbol { IsConst: true }:
                case IFieldSymbol { IsStatic: true } or IPropertySymbol { IsStatic: true } or IMethodSymbol { IsStatic: true } when name.Parent is MemberAccessExpressionSyntax:
                    break;
                case IFieldSymbol { IsStatic: true } or IPropertySymbol { IsStatic: true } or IMethodSymbol { IsStatic: true }:
                    return false;
            }
        }

        return true;
    }

    /// <summary>The one value that the constructor, or an initializer beside it, gives the member.</summary>
    private ExpressionSyntax? ValueOf(ISymbol member)
    {
        if (member.DeclaringSyntaxReferences is not { Length: 1 } references || MutableState.ChangesBetweenCalls(member, _facts, _cancellationToken))
        {
            return null;
        }

        var declaration = references[0].GetSyntax(_cancellationToken);
        var model = _facts.Sessions.Bodies.ModelOf(declaration.SyntaxTree);
        var values = declaration.FirstAncestorOrSelf<TypeDeclarationSyntax>()!.DescendantNodes().OfType<AssignmentExpressionSyntax>()
            .Where(assignment => SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(assignment.Left, _cancellationToken).Symbol, member))
            .Select(assignment => IsUnconditional(assignment) ? assignment.Right : null)
            .ToList();
        var initializer = (declaration as VariableDeclaratorSyntax)?.Initializer?.Value ?? (declaration as PropertyDeclarationSyntax)?.Initializer?.Value;
        if (initializer is not null)
        {
            values.Add(initializer);
        }

        return values.Count != 1 || values[0] is null ? null
            : values[0] is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression, Left: IdentifierNameSyntax given, Right: ThrowExpressionSyntax } ? given
            : values[0];
    }

    private static bool IsUnconditional(AssignmentExpressionSyntax assignment) =>
        assignment.Parent is ArrowExpressionClauseSyntax { Parent: ConstructorDeclarationSyntax } or ExpressionStatementSyntax { Parent: BlockSyntax { Parent: ConstructorDeclarationSyntax } };

    private string Written(ExpressionSyntax value, RegistrationSite site)
    {
        var model = _facts.Sessions.Bodies.ModelOf(value.SyntaxTree);
        var text = value.ToString();
        foreach (var name in value.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Reverse())
        {
            if (model.GetSymbolInfo(name, _cancellationToken).Symbol is { } symbol && TextOf(symbol, site) is { } written)
            {
                var start = name.SpanStart - value.SpanStart;
                text = text.Substring(0, start) + written + text.Substring(start + name.Span.Length);
            }
        }

        return text;
    }
}

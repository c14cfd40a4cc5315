using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// How code asks for a session that a field, property or parameter keeps: by its name, through its lazy task, from its <c>SharedMcpSession</c>, by the method that opens it on first use. There is no
/// answer where the session may not be there.
/// </summary>
internal sealed class KeptSession
{
    private readonly TracedOpening _traced;
    private readonly HeldSession _held;
    private readonly SemanticModel _model;
    private readonly CompilationFacts _facts;
    private readonly CancellationToken _cancellationToken;

    public KeptSession(TracedOpening traced, HeldSession held, SemanticModel model, CompilationFacts facts, CancellationToken cancellationToken)
    {
        _traced = traced;
        _held = held;
        _model = model;
        _facts = facts;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The expression in place of the opening; null where it would not compile, or might be null.</summary>
    public string? AskFor(ISymbol symbol)
    {
        var declared = TypeOf(symbol);
        var type = declared;
        if (type is null || Name(symbol) is not { } name || IsDisposedHere(symbol))
        {
            return null;
        }

        if (!IsThere(symbol, type, name))
        {
            return SessionGetter.Of(symbol, _traced, _facts, _cancellationToken) is { } getter && Name(getter.Method) is { } method && Converts(getter.Result)
                && getter.Call(method, Token()) is { } call
                    ? $"await {call}{_held.Configured}"
                    : null;
        }

        if (IsFromSystem(type, "Lazy"))
        {
            type = ((INamedTypeSymbol)type).TypeArguments[0];
            name += ".Value";
        }

        if (IsFromSystem(type, "Task"))
        {
            // A ValueTask can't be awaited again.
            type = ((INamedTypeSymbol)type).TypeArguments[0];
            name = $"await {name}{_held.Configured}";
        }
        else if (_facts.Symbols.SharedSession.ContainsBaseOf(type))
        {
            var get = type.GetMembers("GetClientAsync").OfType<IMethodSymbol>().FirstOrDefault();
            if (get?.ReturnType is not INamedTypeSymbol { TypeArguments: { Length: 1 } result })
            {
                return null;
            }

            type = result[0];
            name = $"await {name}.GetClientAsync({Token()}){_held.Configured}";
        }

        return Converts(type) && (ReferenceEquals(type, declared) || type.NullableAnnotation != NullableAnnotation.Annotated) ? name : null;
    }

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        IParameterSymbol { RefKind: RefKind.None } parameter => parameter.Type,
        _ => null,
    };

    private static bool IsFromSystem(ITypeSymbol type, string name) =>
        type is INamedTypeSymbol { TypeArguments.Length: 1 } && type.Name == name && KnownCalls.IsInNamespace(type, "System");

    private bool Converts(ITypeSymbol type) =>
        _model.GetTypeInfo(_held.Expression, _cancellationToken).Type is { } needed
        && _model.Compilation.ClassifyCommonConversion(type, needed) is { Exists: true, IsImplicit: true, IsUserDefined: false };

    private string? Token() =>
        _held.Opening is InvocationExpressionSyntax call
            ? call.ArgumentList.Arguments.Select(argument => argument.Expression).FirstOrDefault(IsToken)?.ToString()
            : null;

    private bool IsToken(ExpressionSyntax expression) =>
        !expression.IsKind(SyntaxKind.DefaultLiteralExpression) && _model.GetTypeInfo(expression, _cancellationToken).Type is { Name: nameof(CancellationToken) };

    /// <summary>Its name where the opening stands; null where it can't be named there.</summary>
    private string? Name(ISymbol symbol)
    {
        var owner = symbol is IParameterSymbol ? symbol.ContainingSymbol : _traced.Body.Member;
        for (var function = _traced.Function; !SymbolEqualityComparer.Default.Equals(function, owner) && function is IMethodSymbol method; function = function.ContainingSymbol)
        {
            // A static function captures nothing.
            if (method.IsStatic && method.MethodKind is MethodKind.AnonymousFunction or MethodKind.LocalFunction && !symbol.IsStatic)
            {
                return null;
            }
        }

        var name = (SyntaxFacts.GetKeywordKind(symbol.Name) == SyntaxKind.None ? "" : "@") + symbol.Name;
        var found = _model.LookupSymbols(_held.Expression.SpanStart, name: symbol.Name);
        if (found.Length == 1 && SymbolEqualityComparer.Default.Equals(found[0].OriginalDefinition, symbol.OriginalDefinition))
        {
            return name;
        }

        return symbol switch
        {
            IParameterSymbol => null,
            { IsStatic: false } => "this." + name,
            _ => symbol.ContainingType.ToMinimalDisplayString(_model, _held.Expression.SpanStart) + "." + name,
        };
    }

    /// <summary>By its type, or by the flow of the code that leads to the opening.</summary>
    private bool IsThere(ISymbol symbol, ITypeSymbol type, string name)
    {
        // A constructor may not have come to it yet.
        if (symbol is not IParameterSymbol && _traced.Body.Member is not IMethodSymbol { MethodKind: not (MethodKind.Constructor or MethodKind.StaticConstructor) })
        {
            return false;
        }

        return type.NullableAnnotation switch
        {
            NullableAnnotation.NotAnnotated => true,
            NullableAnnotation.Annotated => SymbolEqualityComparer.Default.Equals(_traced.Function, _traced.Body.Member)
                && _model.GetSpeculativeTypeInfo(_held.Expression.SpanStart, SyntaxFactory.ParseExpression(name), SpeculativeBindingOption.BindAsExpression)
                    .Nullability.FlowState == NullableFlowState.NotNull,
            _ => symbol is IParameterSymbol or IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null },
        };
    }

    /// <summary>Who closes it here may have closed it before.</summary>
    private bool IsDisposedHere(ISymbol symbol) =>
        _traced.Body.ReferencesTo(symbol).Any(reference => _facts.Sessions.Openings.TraceOf(reference, _traced.Body, _cancellationToken).IsDisposed);
}

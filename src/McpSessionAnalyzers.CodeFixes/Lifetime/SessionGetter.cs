using McpSessionAnalyzers.Calls;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>A method of the type that opens the session of a field on first use, and always returns what is in the field: <c>GetClientAsync</c>.</summary>
/// <param name="Method">The method.</param>
/// <param name="Result">What its task results in.</param>
internal sealed record SessionGetter(IMethodSymbol Method, ITypeSymbol Result)
{
    private static readonly TypeNames Semaphores = new("System.Threading.SemaphoreSlim");

    /// <summary>The call with a token, or without one; null where it needs one.</summary>
    public string? Call(string name, string? token) =>
        Method.Parameters.FirstOrDefault(IsToken) is not { } parameter ? name + "()"
        : token is null ? (parameter.IsOptional ? name + "()" : null)
        : $"{name}({(parameter.Ordinal > 0 ? parameter.Name + ": " : "")}{token})";

    /// <summary>The one for the session in <paramref name="kept"/> that can be called where <paramref name="traced"/> opens another.</summary>
    public static SessionGetter? Of(ISymbol kept, TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        // Whoever holds a semaphore may wait in the method for himself.
        if (kept is not (IFieldSymbol or IPropertySymbol)
            || traced.Body.Member is not IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation } caller
            || traced.Body.Calls.OfType<IInvocationOperation>().Any(call => Semaphores.Contains(call.TargetMethod.ContainingType)))
        {
            return null;
        }

        var getters = new List<SessionGetter>();
        foreach (var method in kept.ContainingType.GetMembers().OfType<IMethodSymbol>())
        {
            if (method is { MethodKind: MethodKind.Ordinary, IsGenericMethod: false, IsAbstract: false, ReturnType: INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments: { Length: 1 } result } }
                && (method.IsStatic || !caller.IsStatic)
                && !SymbolEqualityComparer.Default.Equals(method, caller)
                && result[0].NullableAnnotation != NullableAnnotation.Annotated
                && method.ContainingType.GetMembers(method.Name).Length == 1
                && method.Parameters.All(parameter => IsToken(parameter) || parameter.IsOptional)
                && facts.Sessions.Bodies.Of(method, cancellationToken) is { } body
                && FactoryResults.Of(body.Root) is { Count: > 0 } results
                && results.All(value => IsOf(kept, value))
                && !body.Calls.OfType<IInvocationOperation>().Any(call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, caller)))
            {
                getters.Add(new SessionGetter(method, result[0]));
            }
        }

        return getters.Count == 1 ? getters[0] : null;
    }

    private static bool IsToken(IParameterSymbol parameter) => parameter.Type.Name == nameof(CancellationToken);

    /// <summary><c>_client</c>, <c>_client ??= await …</c>, <c>_client = await …</c></summary>
    private static bool IsOf(ISymbol kept, IOperation value) => LocalValues.Unwrap(value) switch
    {
        IMemberReferenceOperation reference => SymbolEqualityComparer.Default.Equals(reference.Member, kept),
        IAssignmentOperation { Target: var target } => IsOf(kept, target),
        _ => false,
    };
}

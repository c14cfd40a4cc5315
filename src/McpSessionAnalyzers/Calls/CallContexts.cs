using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>Answers how often code runs and how long instances live. Thread-safe; answers are cached per member.</summary>
internal sealed class CallContexts
{
    private readonly CompilationFacts _facts;

    public CallContexts(CompilationFacts facts) => _facts = facts;

    /// <summary>
    /// How often the code at <paramref name="operation"/> runs: the innermost enclosing lambda or local function that says so,
    /// else the member that contains it.
    /// </summary>
    public CallContext Of(IOperation operation, CancellationToken cancellationToken) => CallContext.Unknown;

    /// <summary>How often <paramref name="member"/> (a method, accessor, constructor, field or property with an initializer) runs.</summary>
    public CallContext OfMember(ISymbol member, CancellationToken cancellationToken) => CallContext.Unknown;

    /// <summary>How long instances of <paramref name="type"/> live.</summary>
    public InstanceLifetime LifetimeOf(INamedTypeSymbol type, CancellationToken cancellationToken) => InstanceLifetime.Unknown;
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.Calls;

/// <summary>Answers how often code runs and how long instances live. Thread-safe; answers are cached per member.</summary>
internal sealed class CallContexts
{
    private readonly CallOptions _options;
    private readonly SemanticModels _models;
    private readonly AgentShape _shape;
    private readonly RunOnceMembers _runOnce;
    private readonly InstanceLifetimes _lifetimes;
    private readonly CallSites _sites;
    private readonly HelperUses _uses;
    private readonly ConcurrentDictionary<ISymbol, CallContext> _answers = new(SymbolEqualityComparer.Default);

    public CallContexts(CompilationFacts facts, CallOptions? options = null)
    {
        var compilation = facts.Compilation;
        _options = options ?? CallOptions.None;
        _models = new(compilation, tree => facts.Sessions.Bodies.ModelOf(tree));
        _shape = new(facts.Symbols);
        _runOnce = new(compilation);
        _lifetimes = new(_models);
        _sites = new(_models, Construction);
        _uses = new(_models, _sites);
    }

    /// <summary>
    /// How often the code at <paramref name="operation"/> runs: the innermost enclosing lambda or local function that says so,
    /// else the member that contains it.
    /// </summary>
    public CallContext Of(IOperation operation, CancellationToken cancellationToken)
    {
        if (_models.MemberAt(operation.Syntax, cancellationToken) is IMethodSymbol member && TestCode.ReasonOf(member) is { } test)
        {
            // Even the endpoints that a test maps are made for that test.
            return Once(test, TestCode.KindOf(test), member);
        }

        var site = _sites.Of(operation, cancellationToken);
        return site.Known ?? (site.Owner is null ? CallContext.Unknown : site.Answer(OfMember(site.Owner, cancellationToken)));
    }

    /// <summary>
    /// The innermost loop statement, or call with a lambda per element (<c>Select</c>, <c>Parallel.ForEachAsync</c>), in which
    /// <paramref name="operation"/> runs again and again within its member, local function or handler; null outside of loops.
    /// </summary>
    public IOperation? LoopOf(IOperation operation, CancellationToken cancellationToken) => LoopsOf(operation, cancellationToken).FirstOrDefault();

    /// <summary>All such loops around <paramref name="operation"/>, innermost first.</summary>
    public ImmutableArray<IOperation> LoopsOf(IOperation operation, CancellationToken cancellationToken) => _sites.Of(operation, cancellationToken).Loops;

    /// <summary>
    /// How often <paramref name="member"/> (a method, accessor, constructor, local function, lambda, or field or property with an initializer) runs.
    /// What runs once does so outside of its loops: ask <see cref="Of"/> about a place in it.
    /// </summary>
    public CallContext OfMember(ISymbol member, CancellationToken cancellationToken)
    {
        if (member is IMethodSymbol method)
        {
            member = Members.Normalize(method);
        }

        if (AnswerWithoutCallers(member, cancellationToken) is { } answer)
        {
            return answer;
        }

        var helper = (IMethodSymbol)member;
        new PrivateCallers(_uses, AnswerWithoutCallers, ShapeOf, (h, context) => _answers.TryAdd(h, context)).Answer(helper, cancellationToken);
        return _answers.TryGetValue(helper, out answer) ? answer : CallContext.Unknown;
    }

    /// <summary>Where a method is per-call code by its shape alone: the argument that says so.</summary>
    public IParameterSymbol? ShapeArgumentOf(IMethodSymbol method) => _shape.ArgumentOf(method);

    /// <summary>How long instances of <paramref name="type"/> live.</summary>
    public InstanceLifetime LifetimeOf(INamedTypeSymbol type, CancellationToken cancellationToken) => _lifetimes.Of(type, cancellationToken);

    /// <summary>The lifetime of a type that a framework makes per request or call (a controller, a hub, a tool class); null for any other.</summary>
    public InstanceLifetime? FrameworkLifetimeOf(INamedTypeSymbol type, CancellationToken cancellationToken) => _lifetimes.OfFrameworkCreated(type, cancellationToken);

    /// <summary>Types that are run-once code as a whole: the type of Main, hosted services, fixtures, command handlers.</summary>
    public bool IsRunOnceType(INamedTypeSymbol type, CancellationToken cancellationToken) => _runOnce.IsRunOnceType(type, cancellationToken);

    // Null only for helpers, whose callers have to be asked.
    private CallContext? AnswerWithoutCallers(ISymbol member, CancellationToken cancellationToken)
    {
        if (_answers.TryGetValue(member, out var known))
        {
            return known;
        }

        var answer = Compute(member, cancellationToken);
        return answer is null ? null : _answers.GetOrAdd(member, answer);
    }

    private CallContext? Compute(ISymbol member, CancellationToken cancellationToken) => member switch
    {
        IPropertySymbol { GetMethod: { } getter } property when !HasInitializer(property, cancellationToken) => OfMember(getter, cancellationToken),
        IFieldSymbol or IPropertySymbol => Initialization(member, cancellationToken),
        IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } constructor => Initialization(constructor, cancellationToken),
        IMethodSymbol method => OwnEvidence(method, cancellationToken) ?? (PrivateHelpers.Is(method) ? null : OfVisible(method, cancellationToken)),
        _ => CallContext.Unknown,
    };

    private static bool HasInitializer(IPropertySymbol property, CancellationToken cancellationToken) =>
        property.DeclaringSyntaxReferences.Any(r => r.GetSyntax(cancellationToken) is PropertyDeclarationSyntax { Initializer: not null });

    private CallContext? OwnEvidence(IMethodSymbol method, CancellationToken cancellationToken)
    {
        // Silence first: a test that is a tool function, too, is a test.
        if (TestCode.ReasonOf(method) is { } test)
        {
            return Once(test, TestCode.KindOf(test), method);
        }

        if (_options.IsRunOnce(method))
        {
            return Once("configured as run-once code", RunOnceKind.Configured, method);
        }

        return
            PerCall(EvidenceStrength.FrameworkEntryPoint, FrameworkEntryPoints.ReasonOf(method), method) ??
            PerCall(EvidenceStrength.ToolFunction, ToolFunctions.ReasonOf(method), method) ??
            PerCall(EvidenceStrength.AgentContract, AgentContracts.ReasonOf(method), method) ??
            (_options.IsAgentMethod(method) ? PerCall(EvidenceStrength.AgentContract, "configured as an agent method", method) : null) ??
            (_runOnce.Of(method, cancellationToken) is { } once ? Once(once.Reason, once.Kind, method) : null);
    }

    // A method that anybody may call: what is made of it, then its shape.
    private CallContext OfVisible(IMethodSymbol method, CancellationToken cancellationToken)
    {
        if (!method.Locations.Any(static location => location.IsInSource))
        {
            return CallContext.Unknown;
        }

        CallContext? runOnce = null;
        if (method.MethodKind == MethodKind.Ordinary)
        {
            foreach (var delivery in _uses.DeliveriesOf(method, cancellationToken))
            {
                if (delivery.IsPerCall && delivery.Strength != EvidenceStrength.ShortLivedInstance)
                {
                    return delivery;
                }

                runOnce ??= delivery.IsRunOnce ? delivery : null;
            }
        }

        return runOnce ?? ShapeOf(method) ?? CallContext.Unknown;
    }

    private CallContext? ShapeOf(IMethodSymbol method) => PerCall(EvidenceStrength.AgentShape, _shape.ReasonOf(method) ?? EventHandlerShape.ReasonOf(method), method);

    private CallContext Initialization(ISymbol member, CancellationToken cancellationToken) =>
        member.IsStatic || member.ContainingType is not { } type ? Once("a static initializer", RunOnceKind.Construction, member) : Construction(type, cancellationToken) with { Member = member };

    // Constructors and initializers run once for an object that lives long, and once per call for one that a framework or container makes for each.
    private CallContext Construction(INamedTypeSymbol type, CancellationToken cancellationToken) =>
        TestCode.IsTestType(type) ? Once("a test fixture", RunOnceKind.Fixture, type) : _lifetimes.Of(type, cancellationToken) switch
        {
            { Kind: InstanceLifetimeKind.FrameworkCreatedPerCall } lifetime => new(CallFrequency.PerCall, EvidenceStrength.FrameworkEntryPoint, lifetime.Reason, type, Array.Empty<Location>()),
            { Kind: InstanceLifetimeKind.RegisteredPerCall } lifetime => new(CallFrequency.PerCall, EvidenceStrength.ShortLivedInstance, lifetime.Reason, type, Array.Empty<Location>()),
            _ => Once("a constructor or initializer", RunOnceKind.Construction, type),
        };

    private static CallContext? PerCall(EvidenceStrength strength, string? reason, ISymbol member) =>
        reason is null ? null : new(CallFrequency.PerCall, strength, reason, member, Array.Empty<Location>());

    private static CallContext Once(string reason, RunOnceKind kind, ISymbol member) =>
        new(CallFrequency.RunOnce, EvidenceStrength.None, reason, member, Array.Empty<Location>()) { RunOnceKind = kind };
}

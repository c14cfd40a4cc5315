using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Demand = McpSessionAnalyzers.Sessions.Summaries<Microsoft.CodeAnalysis.ISymbol, McpSessionAnalyzers.Sessions.FunctionSummary>.Demand;

namespace McpSessionAnalyzers.Sessions;

/// <summary>Answers "does this operation open a session, and what becomes of it?".</summary>
internal sealed class Openings
{
    // A session that comes up through more hands than this is nobody's pattern; the limit keeps messages readable and answers cheap.
    private const int MaxHops = 12;

    private readonly SessionFacts _facts;
    private readonly Summaries<ISymbol, FunctionSummary> _summaries;
    private readonly FunctionSummaries _compute;

    // Every rule about openings asks for the same ones: the first that asks pays.
    private readonly ConcurrentDictionary<IOperation, TracedOpening?> _found = new();
    private readonly ConcurrentDictionary<IOperation, ValueTrace> _traces = new();

    public Openings(SessionFacts facts)
    {
        _facts = facts;
        _compute = new FunctionSummaries(facts);
        _summaries = new(SymbolEqualityComparer.Default, FunctionSummary.Unknown, _compute.Compute);
    }

    /// <summary>
    /// Whether <paramref name="operation"/> may be an opening, by its symbols alone: the cheap question that every call in the
    /// compilation is asked.
    /// </summary>
    public bool IsCandidate(IOperation operation) => operation switch
    {
        IInvocationOperation invocation => _facts.Factories.KindOf(invocation.TargetMethod) is not null || IsHelperCandidate(invocation.TargetMethod),
        IPropertyReferenceOperation property => property.Property is { GetMethod: not null, DeclaringSyntaxReferences.IsEmpty: false }
            && _facts.Types.MayCarry(property.Type),
        IMethodReferenceOperation group => IsHelperCandidate(group.Method) && MemberBody.SelectionBy(group) is { } selection && _facts.Calls.IsLinq(selection.TargetMethod),
        IObjectCreationOperation creation => _facts.Types.IsSharedSession(creation.Type) || IsOwnerCandidate(creation.Type),
        _ => false,
    };

    /// <summary>The opening at <paramref name="call"/>, with what its member does with the session; null where it opens nothing.</summary>
    public TracedOpening? Find(IOperation call, CancellationToken cancellationToken)
    {
        return _facts.Bodies.Containing(call.Syntax, cancellationToken) is { } body ? Find(call.Syntax, body, cancellationToken) : null;
    }

    /// <summary>As <see cref="Find(IOperation, CancellationToken)"/>, where the body is known.</summary>
    public TracedOpening? Find(SyntaxNode call, MemberBody body, CancellationToken cancellationToken) =>
        body.Find(call) is { } own ? Find(own, body, cancellationToken) : null;

    /// <summary>What becomes of the value of an operation, which may hold a session.</summary>
    public ValueTrace TraceOf(IOperation value, MemberBody body, CancellationToken cancellationToken) =>
        _traces.TryGetValue(value, out var known)
            ? known
            : _traces.GetOrAdd(value, _summaries.Answer(demand => ValueTracer.Trace(_facts, body, value, demand, cancellationToken), cancellationToken));

    /// <summary>All openings of a body with their traces, in source order.</summary>
    public ImmutableArray<TracedOpening> AllIn(MemberBody body, CancellationToken cancellationToken) =>
        body.Calls.Concat(body.Selectors)
            .Where(IsCandidate)
            .Select(call => Find(call, body, cancellationToken))
            .OfType<TracedOpening>()
            .ToImmutableArray();

    /// <summary>As <see cref="Find(IOperation, CancellationToken)"/>, of an operation of <paramref name="body"/> itself.</summary>
    public TracedOpening? Find(IOperation own, MemberBody body, CancellationToken cancellationToken) =>
        _found.TryGetValue(own, out var known)
            ? known
            : _found.GetOrAdd(own, _summaries.Answer(
                demand => Classify(own, body, demand, cancellationToken) is { } opening
                    ? new TracedOpening(opening, body, ValueTracer.Trace(_facts, body, opening, demand, cancellationToken))
                    : null,
                cancellationToken));

    /// <summary>Whether calls of <paramref name="method"/> can be looked into.</summary>
    public bool HasSource(IMethodSymbol method) => _facts.Implementations.Resolve(method) is { IsImplicitlyDeclared: false };

    public FunctionSummary SummaryOf(IMethodSymbol method, Demand demand) =>
        _facts.Implementations.Resolve(method) is { } implementation ? demand.Get(implementation) : FunctionSummary.Unknown;

    public ParameterFate FateOf(IParameterSymbol parameter, Demand demand)
    {
        if (parameter.ContainingSymbol is not IMethodSymbol method
            || _facts.Implementations.Resolve(method) is not { } implementation
            || parameter.Ordinal >= implementation.Parameters.Length)
        {
            return ParameterFate.Escapes;
        }

        return demand.Get(implementation.Parameters[parameter.Ordinal]).Fate;
    }

    /// <summary>The opening at an operation of <paramref name="body"/>, as far as <paramref name="demand"/> knows yet.</summary>
    public Opening? Classify(IOperation operation, MemberBody body, Demand demand, CancellationToken cancellationToken)
    {
        switch (operation)
        {
            case IInvocationOperation invocation:
                return _facts.Factories.Classify(invocation) ?? ClassifyHelperCall(invocation, body, demand, cancellationToken);

            case IPropertyReferenceOperation { Property.GetMethod: { } getter } property
                when property.Parent is not ISimpleAssignmentOperation assignment || assignment.Target != property:
                return IsCandidate(property) ? HelperOpening(property, getter, SummaryOf(getter, demand), ImmutableArray<IArgumentOperation>.Empty) : null;

            // Which session is opened depends on what the sequence holds.
            case IMethodReferenceOperation group when IsCandidate(group) && MemberBody.SelectionBy(group) is { } selection:
                return HelperOpening(group, group.Method, SummaryOf(group.Method, demand), ImmutableArray<IArgumentOperation>.Empty) is { } each
                    ? each with { Inputs = selection.Arguments.Take(1).Select(argument => argument.Value).ToImmutableArray() }
                    : null;

            case IObjectCreationOperation { Constructor: { } constructor } creation when IsCandidate(creation):
                return ClassifyCreation(creation, constructor, demand);

            default:
                return null;
        }
    }

    private Opening? ClassifyHelperCall(IInvocationOperation invocation, MemberBody body, Demand demand, CancellationToken cancellationToken)
    {
        var method = invocation.TargetMethod;
        if (!IsHelperCandidate(method))
        {
            return null;
        }

        if (method.MethodKind == MethodKind.DelegateInvoke)
        {
            // What holds one lambda or method group is that function by another name.
            var function = invocation.Instance switch
            {
                ILocalReferenceOperation local => LocalValues.Of(local.Local, body) is { Count: 1 } values ? FunctionIn(values[0]) : null,
                IMemberReferenceOperation member => DelegateMembers.FunctionOf(member, _facts, cancellationToken),
                _ => null,
            };
            return function is null ? null : HelperOpening(invocation, function, SummaryOf(function, demand), invocation.Arguments);
        }

        return HelperOpening(invocation, method, SummaryOf(method, demand), invocation.Arguments);
    }

    private static IMethodSymbol? FunctionIn(IOperation value) => value switch
    {
        IAnonymousFunctionOperation lambda => lambda.Symbol,
        IMethodReferenceOperation group => group.Method,
        _ => null,
    };

    private Opening? HelperOpening(IOperation call, IMethodSymbol callee, FunctionSummary summary, ImmutableArray<IArgumentOperation> arguments)
    {
        if (summary.Opened is not { } inner || inner.Path.Length >= MaxHops)
        {
            return null;
        }

        IArgumentOperation? ArgumentAt(int ordinal) => arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == ordinal);
        var inputs = summary.DecidingParameters.Select(ArgumentAt).Where(argument => argument is not null).Select(argument => argument!.Value);
        return new Opening(
            OpeningKind.Helper,
            call,
            callee,
            inner.Path.Insert(0, inner),
            summary.TransportParameter is { } transport ? ArgumentAt(transport)?.Value : null,
            inputs.ToImmutableArray())
        {
            OutArgument = summary.OutOrdinal is { } ordinal ? ArgumentAt(ordinal) : null,
        };
    }

    private Opening? ClassifyCreation(IObjectCreationOperation creation, IMethodSymbol constructor, Demand demand)
    {
        var inputs = creation.Arguments.Select(argument => argument.Value).ToImmutableArray();
        if (_facts.Types.IsSharedSession(creation.Type))
        {
            return new Opening(OpeningKind.Owner, creation, constructor, ImmutableArray<Opening>.Empty, null, inputs);
        }

        return demand.Get(constructor.ContainingType.OriginalDefinition).Opened is { } inner && inner.Path.Length < MaxHops
            ? new Opening(OpeningKind.Owner, creation, constructor, inner.Path.Insert(0, inner), null, inputs)
            : null;
    }

    private bool IsHelperCandidate(IMethodSymbol method)
    {
        if (method.MethodKind == MethodKind.DelegateInvoke)
        {
            return _facts.Types.MayCarry(method.ReturnType);
        }

        return !method.DeclaringSyntaxReferences.IsEmpty
            && method.MethodKind is MethodKind.Ordinary or MethodKind.LocalFunction or MethodKind.ExplicitInterfaceImplementation or MethodKind.ReducedExtension
            && (_facts.Types.MayCarry(method.ReturnType)
                || method.Parameters.Any(parameter => parameter.RefKind == RefKind.Out && _facts.Types.MayCarry(parameter.Type)));
    }

    private bool IsOwnerCandidate(ITypeSymbol? type) =>
        type is INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: false } named
        && named.DeclaringSyntaxReferences.All(reference => reference.SyntaxTree is not null)
        && _facts.Types.IsDisposable(named)
        && !_facts.Types.IsSession(named)
        && _facts.Types.MayCarry(named);
}

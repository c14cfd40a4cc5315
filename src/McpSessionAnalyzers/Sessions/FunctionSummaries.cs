using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Demand = McpSessionAnalyzers.Sessions.Summaries<Microsoft.CodeAnalysis.ISymbol, McpSessionAnalyzers.Sessions.FunctionSummary>.Demand;

namespace McpSessionAnalyzers.Sessions;

/// <summary>Computes what callers need to know of one function, parameter or type, from its source.</summary>
internal sealed class FunctionSummaries
{
    private readonly SessionFacts _facts;

    public FunctionSummaries(SessionFacts facts) => _facts = facts;

    public FunctionSummary Compute(ISymbol symbol, Demand demand, CancellationToken cancellationToken) => symbol switch
    {
        IParameterSymbol parameter => OfParameter(parameter, demand, cancellationToken),
        IMethodSymbol method => OfFunction(method, demand, cancellationToken),
        INamedTypeSymbol type => OfOwner(type, demand, cancellationToken),
        _ => FunctionSummary.Unknown,
    };

    private FunctionSummary OfParameter(IParameterSymbol parameter, Demand demand, CancellationToken cancellationToken)
    {
        if (IsOfPrimaryConstructor(parameter, cancellationToken))
        {
            return new FunctionSummary { Fate = ParameterFate.Keeps };
        }

        if (parameter.RefKind is not RefKind.None and not RefKind.In
            || parameter.ContainingSymbol is not IMethodSymbol method
            || _facts.Bodies.Of(method, cancellationToken) is not { } body)
        {
            return FunctionSummary.Unknown;
        }

        var trace = ValueTracer.Trace(_facts, body, parameter, demand, cancellationToken);
        var fate = ParameterFate.None;
        foreach (var happening in trace.Events)
        {
            fate |= happening.Kind switch
            {
                TraceEventKind.Dispose => ParameterFate.Disposes,
                TraceEventKind.Store => ParameterFate.Keeps,
                TraceEventKind.Escape => ParameterFate.Escapes,
                TraceEventKind.Return when SymbolEqualityComparer.Default.Equals(happening.Target, method) => ParameterFate.Returns,
                TraceEventKind.Return => ParameterFate.Escapes,
                TraceEventKind.DependentLeaves when SymbolEqualityComparer.Default.Equals(happening.Target, method) => ParameterFate.ReturnsDependent,
                TraceEventKind.DependentLeaves when happening.Target is IFieldSymbol or IPropertySymbol or IParameterSymbol => ParameterFate.KeepsDependent,
                TraceEventKind.DependentUse => ParameterFate.UsesDependent,
                _ => ParameterFate.None,
            };
        }

        return new FunctionSummary { Fate = fate };
    }

    /// <summary>Such a parameter has no body to trace: it is captured by the members, or is a record's property.</summary>
    private static bool IsOfPrimaryConstructor(IParameterSymbol parameter, CancellationToken cancellationToken) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor }
        && parameter.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellationToken).Parent?.Parent is TypeDeclarationSyntax);

    private FunctionSummary OfFunction(IMethodSymbol function, Demand demand, CancellationToken cancellationToken)
    {
        if (_facts.Bodies.Of(function, cancellationToken) is not { } body)
        {
            return new FunctionSummary();
        }

        var scope = ScopeOf(function, body);
        if (scope is null)
        {
            return new FunctionSummary();
        }

        var disposesOwn = function is { IsStatic: false, MethodKind: MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation }
            && DisposesOwnSession(body);
        // Every call is asked, also after the first opening is found: a function on a cycle is unknown whichever of its calls comes first.
        FunctionSummary? opened = null;
        Opening? kept = null;
        foreach (var call in body.Calls.Concat(body.Selectors))
        {
            if (!_facts.Openings.IsCandidate(call) || !IsWithin(call, scope)
                || _facts.Openings.Classify(call, body, demand, cancellationToken) is not { } opening)
            {
                continue;
            }

            var trace = ValueTracer.Trace(_facts, body, opening, demand, cancellationToken);
            if (IsResultOf(function, trace))
            {
                opened ??= OfOpening(function, opening, trace, body);
            }
            else if (!function.IsStatic && opening.Kind != OpeningKind.Resume && trace.Of(TraceEventKind.Store).Any(IsOwnMember))
            {
                kept ??= opening;
            }
        }

        var filled = OfFilledOwner(function, body, scope, demand, cancellationToken);
        return (opened ?? filled ?? new FunctionSummary()) with { DisposesOwnSession = disposesOwn, Kept = kept };
    }

    /// <summary>
    /// A factory that makes an owner and has it open its session: <c>var owner = new Owner(); await owner.StartAsync(); return owner;</c>. Its result is
    /// an owner with a live session, as if the construction had opened it.
    /// </summary>
    private FunctionSummary? OfFilledOwner(IMethodSymbol function, MemberBody body, IOperation scope, Demand demand, CancellationToken cancellationToken)
    {
        FunctionSummary? found = null;
        foreach (var call in body.Calls.OfType<IInvocationOperation>())
        {
            if (call is not { Instance: ILocalReferenceOperation { Local: var local }, TargetMethod: { DeclaringSyntaxReferences.IsEmpty: false } method }
                || !IsWithin(call, scope)
                || LocalValues.Of(local, body) is not { Count: 1 } values
                || values[0] is not IObjectCreationOperation { Constructor: { } constructor } creation
                || !_facts.Openings.IsCandidate(creation)
                || _facts.Openings.SummaryOf(method, demand).Kept is not { } inner
                || _facts.Openings.Classify(creation, body, demand, cancellationToken) is not null)
            {
                continue;
            }

            var inputs = creation.Arguments.Concat(call.Arguments).Select(argument => argument.Value).ToImmutableArray();
            var opening = new Opening(OpeningKind.Owner, creation, constructor, inner.Path.Insert(0, inner), null, inputs);
            var trace = ValueTracer.Trace(_facts, body, creation, demand, cancellationToken);
            if (IsResultOf(function, trace))
            {
                found ??= OfOpening(function, opening, trace, body);
            }
        }

        return found;
    }

    private static FunctionSummary OfOpening(IMethodSymbol function, Opening opening, ValueTrace trace, MemberBody body)
    {
        var dependence = CallDependence.Of(opening, body);
        return new FunctionSummary
        {
            Opened = opening,
            OutOrdinal = OutOrdinal(function, trace),
            DecidingParameters = dependence.Parameters
                .Where(parameter => SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, function))
                .Select(parameter => parameter.Ordinal)
                .ToArray(),
            TransportParameter = dependence.TransportParameter is { } transport
                && SymbolEqualityComparer.Default.Equals(transport.ContainingSymbol, function)
                    ? transport.Ordinal
                    : null,
        };
    }

    /// <summary>
    /// A session that is kept as well (in a field, a cache, somewhere unknown) is not the caller's to close, and one that a using
    /// closes on the way out is of no use to the caller. A dispose in a catch, before it is returned, is neither.
    /// </summary>
    private static bool IsResultOf(IMethodSymbol function, ValueTrace trace) =>
        trace.ReturnsFrom(function)
        && !trace.Has(TraceEventKind.Store)
        && !trace.Has(TraceEventKind.Escape)
        && !trace.Of(TraceEventKind.Dispose).Any(e => e.Operation is IVariableDeclaratorOperation or IUsingOperation);

    private static int? OutOrdinal(IMethodSymbol function, ValueTrace trace) =>
        trace.Of(TraceEventKind.Return)
            .Select(e => e.Target)
            .OfType<IParameterSymbol>()
            .FirstOrDefault(parameter => SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, function))
            ?.Ordinal;

    private static IOperation? ScopeOf(IMethodSymbol function, MemberBody body) =>
        function.MethodKind is MethodKind.LocalFunction or MethodKind.AnonymousFunction
            ? body.Functions.FirstOrDefault(operation => SymbolEqualityComparer.Default.Equals(SymbolOf(operation), function))
            : body.Root;

    private static IMethodSymbol? SymbolOf(IOperation function) => function switch
    {
        IAnonymousFunctionOperation lambda => lambda.Symbol,
        ILocalFunctionOperation local => local.Symbol,
        _ => null,
    };

    private static bool IsWithin(IOperation operation, IOperation scope) =>
        scope.Parent is null || operation.Syntax.Span.OverlapsWith(scope.Syntax.Span);

    private bool DisposesOwnSession(MemberBody body) =>
        body.Calls.OfType<IInvocationOperation>().Any(call =>
            _facts.Calls.Disposes(call.TargetMethod)
            && call.Instance is { } receiver

            // What a primary constructor was given is the object's own.
            && LocalValues.Unwrap(receiver) is not IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: not MethodKind.Constructor } }
            && (_facts.Types.MayCarry(receiver.Type) || _facts.Types.IsDisposable(receiver.Type)));

    /// <summary>A type whose constructor or initializers open a session into a member of the object: making the object is an opening.</summary>
    private FunctionSummary OfOwner(INamedTypeSymbol type, Demand demand, CancellationToken cancellationToken)
    {
        foreach (var reference in type.DeclaringSyntaxReferences.OrderBy(r => r.SyntaxTree.FilePath, StringComparer.Ordinal).ThenBy(r => r.Span.Start))
        {
            if (reference.GetSyntax(cancellationToken) is not TypeDeclarationSyntax declaration)
            {
                continue;
            }

            foreach (var body in ConstructionBodies(declaration, cancellationToken))
            {
                foreach (var call in body.Calls)
                {
                    if (_facts.Openings.IsCandidate(call)
                        && _facts.Openings.Classify(call, body, demand, cancellationToken) is { Kind: not OpeningKind.Resume } opening
                        && ValueTracer.Trace(_facts, body, opening, demand, cancellationToken).Of(TraceEventKind.Store).Any(IsOwnMember))
                    {
                        return new FunctionSummary { Opened = opening };
                    }
                }
            }
        }

        return new FunctionSummary();
    }

    private static bool IsOwnMember(TraceEvent store) => store.Target is IFieldSymbol { IsStatic: false } or IPropertySymbol { IsStatic: false };

    private IEnumerable<MemberBody> ConstructionBodies(TypeDeclarationSyntax declaration, CancellationToken cancellationToken)
    {
        foreach (var member in declaration.Members)
        {
            var nodes = member switch
            {
                FieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => (Microsoft.CodeAnalysis.SyntaxNode?)variable.Initializer),
                PropertyDeclarationSyntax property => new[] { (Microsoft.CodeAnalysis.SyntaxNode?)property.Initializer },
                ConstructorDeclarationSyntax constructor when !constructor.Modifiers.Any(Microsoft.CodeAnalysis.CSharp.SyntaxKind.StaticKeyword) => new[] { constructor },
                _ => Enumerable.Empty<Microsoft.CodeAnalysis.SyntaxNode?>(),
            };

            foreach (var node in nodes)
            {
                if (node is not null && _facts.Bodies.Containing(node, cancellationToken) is { } body)
                {
                    yield return body;
                }
            }
        }
    }
}

using System.Collections.Immutable;
using McpSessionAnalyzers.Calls;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Lifetime;

/// <summary>
/// MSA1001: an opening in per-call code whose session does not outlive the call.
/// <code>
/// async Task&lt;string&gt; AskAsync(string question) { await using var mcp = await McpClient.CreateAsync(transport); … }   // reported
/// async Task&lt;string&gt; AskAsync(string question) { var mcp = await _mcpSession.GetClientAsync(); … }                       // silent
/// </code>
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SessionOpenedPerCallAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.SessionOpenedPerCall);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start => OpeningRule.Register(start, Analyze));
    }

    private static Diagnostic? Analyze(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        var opening = traced.Opening;

        // To resume a session is to keep it.
        if (opening.Kind == OpeningKind.Resume || opening.Innermost.Kind == OpeningKind.Resume)
        {
            return null;
        }

        // What outlives the call is kept as it should be; what the caller gets is judged where it is called.
        var reach = SessionReach.Of(traced, facts, cancellationToken);
        if (!reach.EndsWithCall)
        {
            return null;
        }

        // Connection tests open in order to close.
        if (ConnectionTests.Contains(traced.Function))
        {
            return null;
        }

        // Whoever hands in the transport has decided how often there is a session.
        var dependence = CallDependence.Of(opening, traced.Body);
        if (dependence.TransportParameter is { } transport && SymbolEqualityComparer.Default.Equals(transport.ContainingSymbol, traced.Body.Member))
        {
            return null;
        }

        var context = facts.Calls.Of(opening.Operation, cancellationToken);
        if (!context.IsPerCallByEvidence && reach.Kind == SessionReachKind.ClosedAgain && AroundHelper(traced, facts, cancellationToken) is { } around)
        {
            context = around;
        }

        var isThin = !context.IsPerCallByEvidence;
        if (isThin && !OpenedAndEnded.Is(traced, context, facts, cancellationToken))
        {
            return null;
        }

        // Where the only argument that speaks for per-call code is the one that chooses the server, it is no message but an address.
        if (context is { Strength: EvidenceStrength.AgentShape, Member: IMethodSymbol shaped }
            && facts.Calls.ShapeArgumentOf(shaped) is { } argument
            && dependence.Parameters.Contains(argument, SymbolEqualityComparer.Default))
        {
            return null;
        }

        // Another rule says more of it: there is one already, or each round of a loop opens it, inside here or where this helper is called.
        if (SessionAtHand.Find(traced, facts, cancellationToken) is not null
            || LoopedOpening.Find(traced, facts, cancellationToken) is not null
            || (context.Path.Count > 0 && facts.RepeatedCalls.CoversAllCallsOf(traced.Function, traced.Body, cancellationToken)))
        {
            return null;
        }

        var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.OpeningKind, opening.Kind.ToString());
        if (dependence.Keys is { Count: > 0 } keys)
        {
            properties = properties.Add(DiagnosticProperties.DependsOnParameters, string.Join(",", keys.Select(key => key.Name)));
        }

        return Diagnostic.Create(
            Descriptors.SessionOpenedPerCall,
            opening.Location,
            isThin ? DiagnosticSeverity.Info : DiagnosticSeverity.Warning,
            opening.Path.Select(inner => inner.Location).Concat(context.Path),
            properties,
            SymbolNames.Of(context.Member ?? traced.Body.Member),
            (isThin ? "the session ends where it was opened" : context.Reason) + ThroughHelpers(opening, context, traced),
            Advice(reach, dependence));
    }

    /// <summary>The context of the per-call member that has a helper of its type fill the field and another one empty it.</summary>
    private static CallContext? AroundHelper(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken) =>
        traced.Trace.Of(TraceEventKind.Store)
            .Select(store => store.Target is { } field ? FieldClosing.PerCallMemberAround(field, traced, facts, cancellationToken) : null)
            .Where(member => member is not null)
            .Select(member => facts.Calls.OfMember(member!, cancellationToken))
            .FirstOrDefault();

    private static string ThroughHelpers(Opening opening, CallContext context, TracedOpening traced)
    {
        var names = new List<string>();

        // A lambda is not reached through the member that it is written in.
        if (context.Member is { } entry && !IsWithin(entry, traced.Body.Member) && traced.Body.Member is IMethodSymbol helper)
        {
            names.Add(SymbolNames.Short(helper));
        }

        names.AddRange(new[] { opening }.Concat(opening.Path).Where(step => step.Kind == OpeningKind.Helper).Select(step => SymbolNames.Short(step.Callee)));
        return names.Count == 0 ? "" : ", through " + string.Join(" and ", names.Select(name => $"'{name}'"));
    }

    private static bool IsWithin(ISymbol? entry, ISymbol member)
    {
        while (entry is IMethodSymbol && !SymbolEqualityComparer.Default.Equals(entry, member))
        {
            entry = entry.ContainingSymbol;
        }

        return SymbolEqualityComparer.Default.Equals(entry, member);
    }

    private static string Advice(SessionReach reach, CallDependence dependence)
    {
        if (dependence.Keys is { Count: > 0 } keys)
        {
            return $"keep one session per {string.Join(" and ", keys.Select(key => $"'{key.Name}'"))} and share it between calls";
        }

        return reach.Kind == SessionReachKind.EndsWithInstance
            ? $"its field lives no longer than {reach.Instance!.Reason}; share one session that lives as long as the application"
            : "open it once and share it between calls";
    }
}

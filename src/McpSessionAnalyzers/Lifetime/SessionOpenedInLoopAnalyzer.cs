using System.Collections.Immutable;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Lifetime;

/// <summary>
/// MSA1002: a loop, or a lambda that runs per element, each round of which opens the same session, itself or through a method that opens and closes.
/// <code>
/// foreach (var city in cities) { await using var mcp = await McpClient.CreateAsync(transport); … }       // reported
/// foreach (var server in servers) { await using var mcp = await McpClient.CreateAsync(For(server)); … }  // silent
/// </code>
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SessionOpenedInLoopAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.SessionOpenedInLoop);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            OpeningRule.Register(start, AnalyzeOpening);
            SessionRule.Register(start, AnalyzeCall, OperationKind.Invocation, OperationKind.MethodReference);
        });
    }

    private static Diagnostic? AnalyzeOpening(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken) =>
        LoopedOpening.Find(traced, facts, cancellationToken) is { } loop && SessionAtHand.Find(traced, facts, cancellationToken) is null
            ? Report(traced, traced.Opening.Operation, traced.Body.Member, traced.Opening.Path.Select(inner => inner.Location), loop, through: null, facts, cancellationToken)
            : null;

    private static void AnalyzeCall(SessionRuleContext context)
    {
        var (facts, body) = (context.Facts, context.Body);
        if (context.Operation.IsImplicit
            || facts.RepeatedCalls.Find(context.Operation, context.CancellationToken) is not var (loop, inside)
            || (facts.Sessions.Openings.IsCandidate(context.Operation) && facts.Sessions.Openings.Find(context.Operation, context.CancellationToken) is not null))
        {
            return;
        }

        var name = context.Operation switch
        {
            IInvocationOperation { TargetMethod: { MethodKind: not MethodKind.DelegateInvoke } method } => SymbolNames.Short(method),
            IMethodReferenceOperation group => SymbolNames.Short(group.Method),
            _ => "a lambda",
        };
        context.Report(Report(inside, context.Operation, body.Member, new[] { inside.Opening.Location }.Concat(inside.Opening.Path.Select(inner => inner.Location)), loop, name, facts, context.CancellationToken));
    }

    private static Diagnostic Report(
        TracedOpening traced,
        IOperation place,
        ISymbol member,
        IEnumerable<Location> path,
        IOperation loop,
        string? through,
        CompilationFacts facts,
        CancellationToken cancellationToken)
    {
        var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.OpeningKind, traced.Opening.Kind.ToString());
        if (CallDependence.Of(traced.Opening, traced.Body).Keys is { Count: > 0 } keys)
        {
            properties = properties.Add(DiagnosticProperties.DependsOnParameters, string.Join(",", keys.Select(key => key.Name)));
        }

        return Diagnostic.Create(
            Descriptors.SessionOpenedInLoop,
            OpeningLocations.NameOf(place),
            path.Append(NameOf(loop).Location),
            properties,
            SymbolNames.Of(member),
            NameOf(loop).Text + (through is null ? "" : $" through '{through}'"),
            facts.Calls.Of(place, cancellationToken).IsPerCall ? "open it once and share it between calls" : "open it once, before the loop");
    }

    private static (string Text, Location Location) NameOf(IOperation loop)
    {
        if (loop is ILoopOperation)
        {
            var keyword = loop.Syntax.GetFirstToken();
            return ($"a '{(keyword.ValueText == "await" ? "foreach" : keyword.ValueText)}' loop", keyword.GetLocation());
        }

        var name = OpeningLocations.NameSyntaxOf(loop.Syntax);
        return ($"'{name}'", name.GetLocation());
    }
}

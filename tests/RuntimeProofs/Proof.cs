using System.Collections.Immutable;
using McpSessionAnalyzers.Harness;
using McpSessions.TestServer;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace McpSessionAnalyzers.RuntimeProofs;

/// <summary>
/// That a rule is right about a program: where markup says so it is reported, and nowhere else; run against a server that counts, it wastes or
/// leaks what the rule says; its own fixes leave nothing to report; and what they make of it runs without the waste.
/// </summary>
internal sealed class Proof
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.Extensions.AI;
        global using Microsoft.Extensions.DependencyInjection;
        global using ModelContextProtocol.Client;
        global using ModelContextProtocol.Protocol;
        """;

    /// <summary>The program, with markup at what is reported: <c>{|MSA1101:CreateAsync|}</c>.</summary>
    public required string Program { get; init; }

    /// <summary>What it costs as it stands.</summary>
    public required Reading Flagged { get; init; }

    /// <summary>What is left of that after the fixes.</summary>
    public required Reading Repaired { get; init; }

    /// <summary>The right code where no fix is offered, or as a second way beside the fix.</summary>
    public string? ByHand { get; init; }

    /// <summary>Faults of the server, in both runs.</summary>
    public Action<McpTestServer>? Arrange { get; init; }

    /// <summary>What happens while the program runs as it stands, and after it is repaired.</summary>
    public (Func<McpTestServer, Task>? Flagged, Func<McpTestServer, Task>? Repaired) During { get; init; }

    public async Task HoldsAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var flagged = Code.Project(References.Default, Program, Usings);
        var expected = Expected(Program);
        Assert.Equal(expected.Sites, await ReportedAsync(flagged, expected.Ids, token));
        await CostsAsync(flagged, Flagged, During.Flagged, token);

        var repaired = await Repair.AllAsync(flagged, Rules.Analyzers, Rules.Fixes, token);
        if (repaired != flagged)
        {
            await IsRightAsync(repaired, expected.Ids, token);
        }
        else
        {
            Assert.True(ByHand is not null, "No fix is offered, and the right code isn't stated.");
        }

        if (ByHand is not null)
        {
            await IsRightAsync(Code.Project(References.Default, ByHand, Usings), expected.Ids, token);
        }
    }

    private async Task IsRightAsync(Project project, ImmutableArray<string> rules, CancellationToken cancellationToken)
    {
        Assert.Empty(await ReportedAsync(project, rules, cancellationToken));
        await CostsAsync(project, Repaired, During.Repaired, cancellationToken);
    }

    private async Task CostsAsync(Project project, Reading expected, Func<McpTestServer, Task>? during, CancellationToken cancellationToken)
    {
        var program = await CompiledProgram.CompileAsync(project, cancellationToken);
        var reading = await program.RunAsync(Arrange, during, fails: expected.Failure is not null, cancellationToken);
        Assert.True(expected == reading.Of(expected), $"Expected {expected}\nbut got  {reading}\nof:\n{await project.Documents.First().GetTextAsync(cancellationToken)}");
    }

    /// <summary>All warnings, and what these rules say besides: hints of other rules are not what a proof is about.</summary>
    private static async Task<ImmutableArray<string>> ReportedAsync(Project project, ImmutableArray<string> rules, CancellationToken cancellationToken)
    {
        var diagnostics = await Analysis.RunAsync(project, Rules.Analyzers, concurrent: true, cancellationToken);
        return Sorted(diagnostics
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning || rules.Contains(diagnostic.Id))
            .Select(diagnostic => Describe(diagnostic.Id, diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceTree!.GetText(cancellationToken).ToString(diagnostic.Location.SourceSpan))));
    }

    private static (ImmutableArray<string> Ids, ImmutableArray<string> Sites) Expected(string program)
    {
        TestFileMarkupParser.GetSpans(program, treatPositionIndicatorsAsCode: true, out var code, out var spans);
        return ([.. spans.Keys], Sorted(spans.SelectMany(id => id.Value.Select(span => Describe(id.Key, span.Start, code.Substring(span.Start, span.Length))))));
    }

    private static string Describe(string id, int position, string text) => $"{id} at {position}: {text}";

    private static ImmutableArray<string> Sorted(IEnumerable<string> diagnostics) => [.. diagnostics.Order(StringComparer.Ordinal)];
}

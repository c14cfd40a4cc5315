using System.Collections.Immutable;
using System.Reflection;
using McpSessionAnalyzers.Harness;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Tests;

/// <summary>What holds for every analyzer of the package, those to come included.</summary>
public sealed class EveryAnalyzerTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    /// <summary>An agent with most that rules look at: an opening per call, a helper, a field, a retry, a loop, an iterator, a registration, a duration.</summary>
    private const string Agent = """
        using System;
        using System.Collections.Generic;
        using System.Diagnostics;
        using System.Runtime.CompilerServices;
        using System.Threading;
        using System.Threading.Tasks;
        using Microsoft.Extensions.DependencyInjection;
        using ModelContextProtocol.Client;

        public class ResearchAgent : IAsyncDisposable
        {
            private static readonly Dictionary<string, McpClient> Clients = new();
            private readonly Func<IClientTransport> _transport;
            private McpClient _client;

            public ResearchAgent(Func<IClientTransport> transport) => _transport = transport;

            public async Task<string> AskAsync(string question, CancellationToken cancellationToken)
            {
                var watch = Stopwatch.StartNew();
                await using var client = await OpenAsync(cancellationToken);
                var tools = await client.ListToolsAsync(cancellationToken: cancellationToken);
                return $"{tools.Count} {watch.Elapsed.TotalMilliseconds}";
            }

            public async IAsyncEnumerable<string> StreamAsync(string question, [EnumeratorCancellation] CancellationToken cancellationToken)
            {
                for (var attempt = 0; attempt < 3; attempt++)
                {
                    var client = await Retry(() => McpClient.CreateAsync(_transport(), cancellationToken: cancellationToken));
                    foreach (var tool in await client.ListToolsAsync(cancellationToken: cancellationToken))
                    {
                        yield return tool.Name;
                    }
                }
            }

            public async Task ConnectAsync()
            {
                _client = await OpenAsync(default);
                if (!Clients.ContainsKey("a"))
                {
                    Clients["a"] = await OpenAsync(default);
                }
            }

            public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? default;

            private Task<McpClient> OpenAsync(CancellationToken cancellationToken) => McpClient.CreateAsync(_transport(), cancellationToken: cancellationToken);

            private static async Task<T> Retry<T>(Func<Task<T>> open)
            {
                try { return await open(); } catch (TimeoutException) { return await open(); }
            }

            public static void Register(IServiceCollection services) => services.AddScoped<ResearchAgent>();
        }
        """;

    public static TheoryData<string> Names => [.. Analyzers.Select(analyzer => analyzer.GetType().Name)];

    internal static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } =
    [
        .. typeof(Descriptors).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false } && type.GetCustomAttribute<DiagnosticAnalyzerAttribute>() is not null)
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    [Theory, MemberData(nameof(Names))]
    public async Task CostsCompilationStartOnlyWhereMcpIsNotReferenced(string name)
    {
        var analyzer = Analyzer(name);
        AnalyzerCost.VerifyStartsOnly(analyzer, await AnalyzerCost.OfAsync(analyzer, References.NoMcp, "class C { void M() => M(); }", Token));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task IsLiveAndConcurrent(string name)
    {
        var analyzer = Analyzer(name);
        AnalyzerCost.VerifyLive(analyzer, await AnalyzerCost.OfAsync(analyzer, References.Default, Agent, Token));
    }

    [Fact]
    public Task LetsCancellationPass() => Cancellation.VerifyAsync(Code.Project(References.Default, Agent), Analyzers, Token);

    [Theory]
    [InlineData(nameof(References.NoMcp))]
    [InlineData(nameof(References.TwoCopies))]
    [InlineData(nameof(References.Mcp0))]
    [InlineData(nameof(References.Mcp1))]
    public Task SurvivesOtherReferences(string references) => Analysis.RunAsync(Code.Project(References.Named(references), Agent), Analyzers, concurrent: true, Token);

    [Fact]
    public Task SurvivesAProjectWithoutAnyReference() => Analysis.RunAsync(Code.Project(References.Nothing, Agent), Analyzers, concurrent: true, Token);

#if THOROUGH
    [Fact]
    public Task SurvivesHalfTypedCode() => Fuzz.SampleAsync(Code.Project(References.Default, Agent), Analyzers, cuts: 80, Token);
#endif

    private static DiagnosticAnalyzer Analyzer(string name) => Analyzers.Single(analyzer => analyzer.GetType().Name == name);
}

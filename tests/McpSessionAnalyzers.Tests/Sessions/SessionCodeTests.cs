using McpSessionAnalyzers.Disposal;
using McpSessionAnalyzers.Harness;
using McpSessionAnalyzers.Lifetime;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Tests.Sessions;

/// <summary>What a compilation pays for: the bodies that are bound because they may concern a session, and no others.</summary>
public sealed class SessionCodeTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private const string Source = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading.Tasks;
        using ModelContextProtocol.Client;

        public class Agent : IAsyncDisposable
        {
            private readonly List<int> _numbers = new();
            private McpClient _mcp;

            public int Sum() => _numbers.Where(number => number > 0).Sum();
            public void Add(int number) { using var scope = new System.IO.StringReader(""); _numbers.Add(number); }
            public async Task OpenAsync(IClientTransport transport) => _mcp = await McpClient.CreateAsync(transport);
            public async Task<string> AskAsync(string question) => (await _mcp.ListToolsAsync()).Count + question;
            public async Task OnceAsync(IClientTransport transport) { await using var one = await McpClient.CreateAsync(transport); }
            public async Task Once(IClientTransport transport) { Sum(); await OnceAsync(transport); }
            public async Task Again(IEnumerable<IClientTransport> transports) { foreach (var transport in transports) await OnceAsync(transport); }
            public ValueTask DisposeAsync() => _mcp.DisposeAsync();

            public class Plain
            {
                public int Twice(int number) => number * 2;
                public void Print(object value) => Console.WriteLine(value);
            }
        }

        public class Other
        {
            public int Count { get; set; } = 3;
            public async Task<int> WaitAsync() { await Task.Yield(); return Count; }
        }
        """;

    [Fact]
    public async Task OnlyBodiesThatMentionASessionAreBound()
    {
        var compilation = (await Code.Project(References.Default, Source).GetCompilationAsync(Token))!;
        var code = CompilationFacts.Of(compilation).Sessions.Code;

        // Once calls what opens, outside of any loop: the opening itself answers for that.
        Assert.Equal(["OpenAsync", "AskAsync", "OnceAsync", "Again", "DisposeAsync"], In("Agent"));
        Assert.Empty(In("Agent+Plain"));
        Assert.Empty(In("Other"));

        IEnumerable<string> In(string type) => code.In(compilation.GetTypeByMetadataName(type)!, Token).Select(body => body.Member.Name);
    }

    [Fact]
    public async Task NoRuleHasTheCompilerMakeOperationsOfEveryBody()
    {
        foreach (var analyzer in new DiagnosticAnalyzer[] { new SessionOpenedPerCallAnalyzer(), new SessionNotDisposedOnEveryPathAnalyzer(), new SessionReplacedAnalyzer() })
        {
            var cost = await AnalyzerCost.OfAsync(analyzer, References.Default, Source, Token);
            Assert.Equal(0, cost.OperationActionsCount + cost.OperationBlockActionsCount + cost.OperationBlockStartActionsCount);
            Assert.True(cost.SymbolActionsCount > 0);
        }
    }
}

using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Lifetime.ToolsListedPerCallAnalyzer, McpSessionAnalyzers.CodeFixes.Lifetime.ToolsListedPerCallFix>;

namespace McpSessionAnalyzers.Tests.Lifetime;

/// <summary>MSA1004: the shared session is asked for its tools, and its client where something else needs that.</summary>
public sealed class ToolsListedPerCallFixTests
{
    public static TheoryData<Case> NoFix => Case.For(
        new("prompts are kept by nobody", """
            class Agent
            {
                readonly McpSessions.SharedMcpSession _s = null!;
                public async Task<string> SendAsync(string question) { var c = await _s.GetClientAsync(); return (await c.[|ListPromptsAsync|]())[0].Name; }
            }
            """),
        new("nobody keeps the list", """
            class Agent(McpSessions.SharedMcpSession s, McpClient plain)
            {
                public async Task<string> AskAsync(string question) => (await plain.[|ListToolsAsync|]())[0].Name;
                public async Task<string> SendAsync(string question) { var c = await s.GetClientAsync(); return (await c.[|ListPromptsAsync|]())[0].Name + (await c.[|ListResourcesAsync|]())[0].Name; }
                async Task<McpClient> Mcp() => await s.GetClientAsync();
                async Task Other() { await Mcp(); }
                public async Task<string> ProcessAsync(string message) { McpClient c; c = await s.GetClientAsync(); return (await c.[|ListToolsAsync|]())[0].Name; }
            }
            """) { CSharp = 12 },
        new("the list is changed, has options, or the key is another by then", """
            class Agent(McpSessions.SharedMcpSession s, McpSessions.KeyedMcpSessions<string> k)
            {
                public async Task<string> ChatAsync(string question) { var c = await s.GetClientAsync(); var tools = await c.[|ListToolsAsync|](); tools.Add(tools[0]); return tools[0].Name; }
                public async Task<string> ReplyAsync(string message) { var c = await s.GetClientAsync(); var tools = await c.[|ListToolsAsync|](); Prepare(tools); return tools[0].Name; }
                static void Prepare(IList<McpClientTool> tools) => tools.RemoveAt(0);
                public async Task<string> RespondAsync(string message) { var c = await s.GetClientAsync(); var tools = (List<McpClientTool>)await c.[|ListToolsAsync|](); return tools[0].Name; }
                public async Task<string> AnswerAsync(string question) { var c = await s.GetClientAsync(); var tools = await c.[|ListToolsAsync|](new ModelContextProtocol.RequestOptions()); return tools[0].Name; }
                public async Task<string> HandleAsync(string message, string user) { var c = await k.GetClientAsync(user); user = ""; return (await c.[|ListToolsAsync|]())[0].Name; }
                public async Task<string> ProcessAsync(string message, string user) { var c = await k.GetClientAsync(user.Trim()); return (await c.[|ListToolsAsync|]())[0].Name; }
            }
            """) { CSharp = 12 });

    public static TheoryData<Case> Fixed => Case.For(
        new("a field's shared session", """
            class Agent
            {
                readonly McpSessions.SharedMcpSession _s = null!;
                public async Task<string> AskAsync(string question, CancellationToken ct)
                {
                    var mcp = await _s.GetClientAsync(ct);
                    var tools = await mcp.[|ListToolsAsync|](cancellationToken: ct);
                    return tools[0].Name;
                }
            }
            """, """
            class Agent
            {
                readonly McpSessions.SharedMcpSession _s = null!;
                public async Task<string> AskAsync(string question, CancellationToken ct)
                {
                    var tools = await _s.ListToolsAsync(ct);
                    return tools[0].Name;
                }
            }
            """),
        new("shared session", """
            class Agent(McpSessions.SharedMcpSession s, IChatClient chat)
            {
                public async Task<string> AskAsync(string question, CancellationToken ct)
                {
                    // ask
                    var mcp = await s.GetClientAsync(ct);
                    var tools = await mcp.[|ListToolsAsync|](cancellationToken: ct); // all
                    return (await chat.GetResponseAsync(question, new ChatOptions { Tools = [.. tools] }, ct)).Text;
                }

                public async Task<string> ChatAsync(string question, CancellationToken ct)
                {
                    var mcp = await s.GetClientAsync(ct).ConfigureAwait(false);
                    IEnumerable<AITool> tools = await mcp.[|ListToolsAsync|]().ConfigureAwait(false);
                    return (await mcp.CallToolAsync(question)).ToString()! + tools.Count();
                }

                public async Task<string> SendAsync(string question) => (await (await s.GetClientAsync()).[|ListToolsAsync|]())[0].Name;
            }
            """, """
            class Agent(McpSessions.SharedMcpSession s, IChatClient chat)
            {
                public async Task<string> AskAsync(string question, CancellationToken ct)
                {
                    // ask
                    var tools = await s.ListToolsAsync(ct); // all
                    return (await chat.GetResponseAsync(question, new ChatOptions { Tools = [.. tools] }, ct)).Text;
                }

                public async Task<string> ChatAsync(string question, CancellationToken ct)
                {
                    var mcp = await s.GetClientAsync(ct).ConfigureAwait(false);
                    IEnumerable<AITool> tools = await s.ListToolsAsync(ct).ConfigureAwait(false);
                    return (await mcp.CallToolAsync(question)).ToString()! + tools.Count();
                }

                public async Task<string> SendAsync(string question) => (await s.ListToolsAsync())[0].Name;
            }
            """) { CSharp = 12 },
        new("keyed sessions and registry", """
            class Agent(McpSessions.KeyedMcpSessions<string> k, McpSessions.McpSessionRegistry r)
            {
                public async Task<string> AnswerAsync(string question, string user)
                {
                    var c = await k.GetClientAsync(user);
                    return (await c.[|ListToolsAsync|]())[0].Name + (await c.[|ListToolsAsync|]())[1].Name;
                }

                public async Task<string> HandleAsync(string message)
                {
                    var c = await r["x"].GetClientAsync();
                    return (await c.[|ListToolsAsync|]())[0].Name;
                }
            }
            """, """
            class Agent(McpSessions.KeyedMcpSessions<string> k, McpSessions.McpSessionRegistry r)
            {
                public async Task<string> AnswerAsync(string question, string user)
                {
                    return (await k.ListToolsAsync(user))[0].Name + (await k.ListToolsAsync(user))[1].Name;
                }

                public async Task<string> HandleAsync(string message)
                {
                    return (await r["x"].ListToolsAsync())[0].Name;
                }
            }
            """) { CSharp = 12 });

    [Theory, MemberData(nameof(NoFix))]
    public Task IsNotOffered(Case test) => Verify.VerifyCodeFixAsync(test);

    [Theory, MemberData(nameof(Fixed))]
    public Task AsksTheSharedSession(Case test) => Verify.VerifyCodeFixAsync(test);
}

using Verify = McpSessionAnalyzers.Tests.CodeFixVerifier<McpSessionAnalyzers.Disposal.SessionNeverDisposedAnalyzer, McpSessionAnalyzers.CodeFixes.Disposal.SessionNeverDisposedFix>;

namespace McpSessionAnalyzers.Tests.Disposal;

/// <summary>MSA1101: <c>await using</c>.</summary>
public sealed class SessionNeverDisposedFixTests
{
    /// <summary>A using declaration would be wrong, or can not stand there.</summary>
    public static TheoryData<Case> NoFix => Case.For(
        new Case("only the tools leave", """
            public class ToolAgent
            {
                public async Task<IList<McpClientTool>> ToolsAsync(IClientTransport transport)
                {
                    var client = await McpClient.[|CreateAsync|](transport);
                    return await client.ListToolsAsync();
                }
            }
            """));

    [Theory, MemberData(nameof(NoFix))]
    public Task OffersNoFix(Case test) => Verify.VerifyCodeFixAsync(test);

    /// <summary>A using declaration.</summary>
    public static TheoryData<Case> Fixed => Case.For(
        new Case("a local", """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport)
                {
                    var client = await McpClient.[|CreateAsync|](transport);
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """, """
            public class ToolAgent
            {
                public async Task<int> CountAsync(IClientTransport transport)
                {
                    await using var client = await McpClient.CreateAsync(transport);
                    return (await client.ListToolsAsync()).Count;
                }
            }
            """));

    [Theory, MemberData(nameof(Fixed))]
    public Task Fixes(Case test) => Verify.VerifyCodeFixAsync(test);
}

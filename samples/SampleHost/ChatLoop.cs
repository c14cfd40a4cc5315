using System.Diagnostics;

namespace SampleHost;

/// <summary>Puts the same questions to an agent, over its three paths in turn, and prints what each message cost on the wire.</summary>
public static class ChatLoop
{
    private static readonly string[] s_questions =
    [
        "May a client retry requests?",
        "Which identifiers sort by creation time?",
        "Are clocks good secrets?",
        "What does an access token represent?",
        "Must a server reply to a notification?",
        "What follows a 404 for a session?",
    ];

    private static readonly string[] s_paths = ["run", "stream", "details"];

    /// <summary>Runs the loop over the transport that <paramref name="args"/> names: <c>http</c>, the default, or <c>stdio</c>.</summary>
    /// <returns>The exit code: 0, or 2 where the arguments can't be understood.</returns>
    public static async Task<int> RunAsync(string[] args, string title, Func<SampleServer, IResearchAgent> createAgent)
    {
        if (args is not ([] or ["http"] or ["stdio"]))
        {
            Console.Error.WriteLine($"usage: {title} [http|stdio]");
            return 2;
        }

        await using var server = args is ["stdio"] ? SampleServer.OverStdio() : await SampleServer.OverHttpAsync();
        using var meter = new WireMeter();
        var report = new Report($"{title} over {server.Transport}");
        var agent = createAgent(server);
        try
        {
            for (var i = 0; i < s_questions.Length; i++)
            {
                var path = i % s_paths.Length;
                var before = meter.Now;
                var clock = Stopwatch.StartNew();
                var answer = await AskAsync(agent, path, s_questions[i]);
                report.Add(s_paths[path], s_questions[i], answer, meter.Now - before, clock.Elapsed);
            }
        }
        finally
        {
            if (agent is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync();
            }
        }

        report.AddTotal();
        return 0;
    }

    private static async Task<string> AskAsync(IResearchAgent agent, int path, string question) => path switch
    {
        0 => await agent.RunAsync(question),
        1 => string.Concat(await agent.ChatStreamAsync(question).ToListAsync()),
        _ => (await agent.ChatWithDetailsAsync(question)).Text,
    };
}

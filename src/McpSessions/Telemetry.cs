using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace McpSessions;

/// <summary>
/// One meter and one activity source, both named <c>McpSessions</c>. The tags are the server's name and the JSON-RPC method: nothing of a
/// session, a caller or an argument. (The SDK's own source and meter tell of every request.)
/// </summary>
internal static class Telemetry
{
    public const string Name = "McpSessions";

    private static readonly Meter s_meter = new(Name);
    private static readonly ActivitySource s_activities = new(Name);

    private static readonly Counter<long> s_openings = s_meter.CreateCounter<long>(
        "mcpsessions.openings", "{opening}", "Sessions opened; an agent that shares its session shows one per server and loss.");

    private static readonly Counter<long> s_openingFailures = s_meter.CreateCounter<long>("mcpsessions.opening_failures", "{opening}", "Openings that failed.");

    private static readonly Histogram<double> s_openingDuration = s_meter.CreateHistogram<double>("mcpsessions.opening.duration", "s", "How long an opening took.");

    private static readonly Counter<long> s_losses = s_meter.CreateCounter<long>("mcpsessions.losses", "{session}", "Sessions that were lost.");

    private static readonly Counter<long> s_resent = s_meter.CreateCounter<long>("mcpsessions.requests.resent", "{request}", "Requests sent again, because they were not delivered or are safe to repeat.");

    private static readonly Counter<long> s_unknown = s_meter.CreateCounter<long>("mcpsessions.requests.outcome_unknown", "{request}", "Requests whose outcome is unknown.");

    /// <summary>The span of an opening: of its own, since it is nobody's in particular.</summary>
    public static Activity? StartOpening(int opening) =>
        s_activities.StartActivity("mcp session open", ActivityKind.Client, parentContext: default, [new("mcpsessions.opening", opening)]);

    public static void Opened(Activity? activity, string server, TimeSpan duration)
    {
        activity?.SetTag("mcpsessions.server", server);
        s_openings.Add(1, Server(server));
        s_openingDuration.Record(duration.TotalSeconds, Server(server));
    }

    public static void OpeningFailed(Activity? activity, string server, string reason)
    {
        activity?.SetTag("mcpsessions.server", server).SetStatus(ActivityStatusCode.Error, reason);
        s_openingFailures.Add(1, Server(server));
    }

    public static void Lost(string server) => s_losses.Add(1, Server(server));

    public static void Resent(string server, string method) => s_resent.Add(1, Server(server), new("mcp.method.name", method));

    public static void OutcomeUnknown(string server, string method) => s_unknown.Add(1, Server(server), new("mcp.method.name", method));

    private static KeyValuePair<string, object?> Server(string server) => new("mcpsessions.server", server);
}

using System.Diagnostics;

namespace SampleHost;

/// <summary>
/// Counts what this process sends to MCP servers, as the SDK and <see cref="HttpClient"/> report it through their activity sources:
/// the agent under the meter needs no change.
/// </summary>
public sealed class WireMeter : IDisposable
{
    private readonly ActivityListener _listener;
    private int _openings;
    private int _listings;
    private int _calls;
    private int _httpRequests;

    public WireMeter()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Experimental.ModelContextProtocol" or "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = Count,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public WireCount Now => new(
        Volatile.Read(ref _openings), Volatile.Read(ref _listings), Volatile.Read(ref _calls), Volatile.Read(ref _httpRequests));

    public void Dispose() => _listener.Dispose();

    private void Count(Activity activity)
    {
        if (activity.Kind != ActivityKind.Client)
        {
            return;
        }

        if (activity.Source.Name == "System.Net.Http")
        {
            Interlocked.Increment(ref _httpRequests);
            return;
        }

        // The name is the method, then what it concerns: "tools/call search".
        switch (activity.DisplayName.Split(' ')[0])
        {
            case "initialize": Interlocked.Increment(ref _openings); break;
            case "tools/list": Interlocked.Increment(ref _listings); break;
            case "tools/call": Interlocked.Increment(ref _calls); break;
        }
    }
}

public readonly record struct WireCount(int Openings, int Listings, int Calls, int HttpRequests)
{
    public static WireCount operator -(WireCount later, WireCount earlier) => new(
        later.Openings - earlier.Openings,
        later.Listings - earlier.Listings,
        later.Calls - earlier.Calls,
        later.HttpRequests - earlier.HttpRequests);
}

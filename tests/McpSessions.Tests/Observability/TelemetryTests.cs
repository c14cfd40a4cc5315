using System.Diagnostics;
using System.Diagnostics.Metrics;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Observability;

/// <summary>What the meter and the activity source named McpSessions tell, and whom they do not.</summary>
public sealed class TelemetryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Openings_losses_and_repeats_are_counted_by_server()
    {
        var name = $"server-{Guid.NewGuid():N}";
        var counts = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == "McpSessions")
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        void Count<TValue>(Instrument instrument, TValue value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        {
            foreach (var tag in tags)
            {
                if (tag is { Key: "mcpsessions.server", Value: string server } && server == name)
                {
                    lock (counts)
                    {
                        counts[instrument.Name] = counts.GetValueOrDefault(instrument.Name) + (value is long whole ? whole : 1);
                    }
                }
            }
        }

        listener.SetMeasurementEventCallback<long>(Count);
        listener.SetMeasurementEventCallback<double>(Count);
        listener.Start();
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared(options: new() { Name = name });

        await shared.EchoAsync("one");
        server.ExpireSessions();
        await shared.EchoAsync("two");
        server.Faults.Next("tools/call", new Fault.DropBefore());
        await Assert.ThrowsAsync<McpOutcomeUnknownException>(() => shared.CallToolAsync("write", Results.Id("w"), cancellationToken: Token).AsTask());

        Assert.Equal(
            new Dictionary<string, double>
            {
                ["mcpsessions.openings"] = 2,
                ["mcpsessions.opening.duration"] = 2,
                ["mcpsessions.losses"] = 1,
                ["mcpsessions.requests.resent"] = 1,
                ["mcpsessions.requests.outcome_unknown"] = 1,
            },
            counts);
    }

    [Fact]
    public async Task The_span_of_an_opening_is_no_child_of_its_first_callers()
    {
        var name = $"server-{Guid.NewGuid():N}";
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "McpSessions" or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared(options: new() { Name = name });

        using (source.StartActivity("the first caller's message"))
        {
            await shared.EchoAsync("one");
        }

        var opening = Assert.Single(spans, span => (string?)span.GetTagItem("mcpsessions.server") == name);
        Assert.Equal("mcp session open", opening.OperationName);
        Assert.Null(opening.Parent);
        Assert.Null(opening.ParentId);
    }
}

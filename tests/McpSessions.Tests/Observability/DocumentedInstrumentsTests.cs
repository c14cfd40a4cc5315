using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using McpSessions.Tests.Servers;

namespace McpSessions.Tests.Observability;

/// <summary>The page's tables of instruments and options, compared with what there is.</summary>
public sealed partial class DocumentedInstrumentsTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(DocsTests.Root(), "docs", "runtime.md"));

    [Fact]
    public async Task Every_instrument_is_documented_with_its_unit_and_every_documented_one_exists()
    {
        var instruments = new List<(string Name, string Unit)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == "McpSessions")
                {
                    instruments.Add((instrument.Name, instrument.Unit!));
                }
            },
        };
        await using var server = await McpTestServer.StartAsync();
        await using var shared = server.Shared();
        await shared.EchoAsync("one, so that the meter is there");
        listener.Start();

        var documented = Instrument().Matches(s_page).Select(static row => (row.Groups[1].Value, row.Groups[2].Value));

        Assert.Equal(instruments.Order(), documented.Order());
    }

    [Fact]
    public void Every_option_is_documented()
    {
        var documented = OptionRow().Matches(s_page).SelectMany(static row => Name().Matches(row.Groups[1].Value)).Select(static name => name.Groups[1].Value).ToHashSet();

        var options = typeof(SharedMcpSessionOptions).GetProperties().Concat(typeof(KeyedMcpSessionsOptions).GetProperties()).Select(static option => option.Name).ToHashSet();
        Assert.Empty(options.Except(documented));
        Assert.Empty(documented.Where(static name => char.IsUpper(name[0])).Except(options));
    }

    [GeneratedRegex(@"^\| `(mcpsessions\.[a-z._]+)` \| `(\S+)` \|", RegexOptions.Multiline)]
    private static partial Regex Instrument();

    [GeneratedRegex(@"^\| (`[A-Z][^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex OptionRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}

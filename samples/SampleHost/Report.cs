using System.Globalization;

namespace SampleHost;

/// <summary>The table that a sample prints, one row per message.</summary>
internal sealed class Report
{
    private const int Width = 78;
    private readonly List<(WireCount Wire, TimeSpan Time)> _rows = [];

    public Report(string title)
    {
        Console.WriteLine(title);
        Row("path", "message", "openings", "listings", "calls", "http", "ms");
    }

    public void Add(string path, string question, string answer, WireCount wire, TimeSpan time)
    {
        _rows.Add((wire, time));
        Row(path, question, wire, time);
        Console.WriteLine($"{"",-9}{(answer.Length > Width ? answer[..Width] + "…" : answer)}");
    }

    public void AddTotal() => Row(
        "total",
        $"{_rows.Count} messages",
        new WireCount(
            _rows.Sum(row => row.Wire.Openings),
            _rows.Sum(row => row.Wire.Listings),
            _rows.Sum(row => row.Wire.Calls),
            _rows.Sum(row => row.Wire.HttpRequests)),
        _rows.Aggregate(TimeSpan.Zero, (sum, row) => sum + row.Time));

    private static void Row(string path, string message, WireCount wire, TimeSpan time) => Row(
        path,
        message,
        Text(wire.Openings),
        Text(wire.Listings),
        Text(wire.Calls),
        Text(wire.HttpRequests),
        time.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture));

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static void Row(string path, string message, string openings, string listings, string calls, string http, string ms) =>
        Console.WriteLine($"{path,-9}{message,-42}{openings,8}{listings,10}{calls,7}{http,6}{ms,7}");
}

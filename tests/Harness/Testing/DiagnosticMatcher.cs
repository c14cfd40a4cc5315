using System.Collections.Immutable;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// Pairs expectations with diagnostics. An expectation may leave things open, and so fit several: the largest exact pairing wins, and what remains is
/// paired with its nearest, so that a failure names the candidate that was meant.
/// </summary>
internal static class DiagnosticMatcher
{
    public static ImmutableArray<(DiagnosticResult? Expected, Diagnostic? Actual)> Match(IReadOnlyList<DiagnosticResult> expected, IReadOnlyList<Diagnostic> actual)
    {
        var expectedOf = new int[actual.Count];
        Array.Fill(expectedOf, -1);
        var isMatched = new bool[expected.Count];
        for (var i = 0; i < expected.Count; i++)
        {
            isMatched[i] = TryPair(i, new bool[actual.Count]);
        }

        var nearest =
            from e in Enumerable.Range(0, expected.Count)
            where !isMatched[e]
            from a in Enumerable.Range(0, actual.Count)
            where expectedOf[a] < 0
            orderby Distance(expected[e], actual[a])
            select (e, a);
        foreach (var (e, a) in nearest.ToArray())
        {
            if (!isMatched[e] && expectedOf[a] < 0)
            {
                isMatched[e] = true;
                expectedOf[a] = e;
            }
        }

        var pairs = new List<(DiagnosticResult?, Diagnostic?)>();
        pairs.AddRange(actual.Select((diagnostic, a) => (expectedOf[a] < 0 ? (DiagnosticResult?)null : expected[expectedOf[a]], (Diagnostic?)diagnostic)));
        pairs.AddRange(expected.Where((_, e) => !isMatched[e]).Select(result => ((DiagnosticResult?)result, (Diagnostic?)null)));
        return [.. pairs];

        // Kuhn's augmenting path: an earlier, looser expectation gives way where it can take another diagnostic.
        bool TryPair(int e, bool[] visited)
        {
            for (var a = 0; a < actual.Count; a++)
            {
                if (visited[a] || Mismatch(expected[e], actual[a]) is not null)
                {
                    continue;
                }

                visited[a] = true;
                if (expectedOf[a] < 0 || TryPair(expectedOf[a], visited))
                {
                    expectedOf[a] = e;
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Why the two don't fit, or null where they do.</summary>
    public static string? Mismatch(DiagnosticResult expected, Diagnostic actual) =>
        IdMismatch(expected, actual)
        ?? LocationMismatch(expected, actual)
        ?? SeverityMismatch(expected, actual)
        ?? MessageMismatch(expected, actual)
        ?? (expected.IsSuppressed is { } suppressed && suppressed != actual.IsSuppressed ? $"Expected diagnostic suppression state to be \"{suppressed}\" was \"{actual.IsSuppressed}\"" : null);

    private static int Distance(DiagnosticResult expected, Diagnostic actual) =>
        (LocationMismatch(expected, actual) is null ? 0 : StartsOnSameLine(expected, actual) ? 4 : 8)
        + (IdMismatch(expected, actual) is null ? 0 : 4)
        + (SeverityMismatch(expected, actual) is null ? 0 : 2)
        + (MessageMismatch(expected, actual) is null ? 0 : 1);

    private static bool StartsOnSameLine(DiagnosticResult expected, Diagnostic actual) =>
        expected.HasLocation && expected.Spans[0].Span.StartLinePosition.Line == actual.Location.GetLineSpan().StartLinePosition.Line;

    private static string? IdMismatch(DiagnosticResult expected, Diagnostic actual) =>
        expected.Id == actual.Id ? null : $"Expected diagnostic id to be \"{expected.Id}\" was \"{actual.Id}\"";

    private static string? SeverityMismatch(DiagnosticResult expected, Diagnostic actual) =>
        expected.Options.HasFlag(DiagnosticOptions.IgnoreSeverity) || expected.Severity == actual.Severity
            ? null
            : $"Expected diagnostic severity to be \"{expected.Severity}\" was \"{actual.Severity}\"";

    private static string? MessageMismatch(DiagnosticResult expected, Diagnostic actual)
    {
        if (expected.Message is { } message)
        {
            return message == actual.GetMessage() ? null : $"Expected diagnostic message to be \"{message}\" was \"{actual.GetMessage()}\"";
        }

        return null;
    }

    private static string? LocationMismatch(DiagnosticResult expected, Diagnostic actual)
    {
        if (!expected.HasLocation)
        {
            return actual.Location == Location.None ? null : "Expected a diagnostic without location";
        }

        if (PlaceMismatch(expected.Spans[0], actual.Location) is { } primary)
        {
            return primary;
        }

        if (expected.Options.HasFlag(DiagnosticOptions.IgnoreAdditionalLocations))
        {
            return null;
        }

        return actual.AdditionalLocations.Count != expected.Spans.Length - 1
            ? $"Expected {expected.Spans.Length - 1} additional locations but got {actual.AdditionalLocations.Count}"
            : actual.AdditionalLocations.Select((location, index) => PlaceMismatch(expected.Spans[index + 1], location)).FirstOrDefault(mismatch => mismatch is not null);
    }

    private static string? PlaceMismatch(DiagnosticLocation expected, Location actual)
    {
        var span = actual.GetLineSpan();
        return span.Path != expected.Span.Path ? $"Expected diagnostic to be in file \"{expected.Span.Path}\" was actually in file \"{span.Path}\""
            : span.StartLinePosition != expected.Span.StartLinePosition ? $"Expected diagnostic to start at {At(expected.Span.StartLinePosition)} was actually at {At(span.StartLinePosition)}"
            : !expected.Options.HasFlag(DiagnosticLocationOptions.IgnoreLength) && span.EndLinePosition != expected.Span.EndLinePosition
                ? $"Expected diagnostic to end at {At(expected.Span.EndLinePosition)} was actually at {At(span.EndLinePosition)}"
            : null;

        static string At(Text.LinePosition position) => $"line {position.Line + 1}, column {position.Character + 1}";
    }
}

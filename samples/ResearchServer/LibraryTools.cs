using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace ResearchServer;

/// <summary>The tools of a research agent. All of them only read, so a client may repeat a call.</summary>
internal static class LibraryTools
{
    [McpServerTool(Name = "search", ReadOnly = true, Idempotent = true, OpenWorld = false)]
    [Description("Finds works in the library, best match first.")]
    public static IReadOnlyList<SearchHit> Search(
        [Description("Words to look for.")] string query,
        [Description("How many works to return at most.")] int limit = 3)
    {
        var words = query.Split([' ', ',', '.', '?', '!'], StringSplitOptions.RemoveEmptyEntries);
        return [.. Library.Works
            .Select(work => (work, score: words.Count(word => word.Length > 3 && work.Mentions(word))))
            .Where(match => match.score > 0)
            .OrderByDescending(match => match.score)
            .ThenBy(match => match.work.Id, StringComparer.Ordinal)
            .Take(limit)
            .Select(match => new SearchHit(match.work.Id, match.work.Title, match.work.Year))];
    }

    [McpServerTool(Name = "read", ReadOnly = true, Idempotent = true, OpenWorld = false)]
    [Description("Returns the summary of one work.")]
    public static string Read([Description("The work's id, as search returns it.")] string id) => Find(id).Summary;

    [McpServerTool(Name = "cite", ReadOnly = true, Idempotent = true, OpenWorld = false)]
    [Description("Returns the citation of one work.")]
    public static string Cite([Description("The work's id, as search returns it.")] string id)
    {
        var work = Find(id);
        return $"{work.Authors}: {work.Title}, {work.Publisher}, {work.Year}";
    }

    private static Work Find(string id) =>
        Library.Works.FirstOrDefault(work => work.Id == id)
        ?? throw new McpException($"No work has the id '{id}'. Use one that search returned.");
}

internal sealed record SearchHit(string Id, string Title, int Year);

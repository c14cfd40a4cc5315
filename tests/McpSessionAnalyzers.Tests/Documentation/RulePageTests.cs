using System.Text.RegularExpressions;

namespace McpSessionAnalyzers.Tests.Documentation;

/// <summary>Each rule has a page and a row in every table, and they say what the rule says of itself.</summary>
public sealed partial class RulePageTests
{
    public static TheoryData<string> Ids => RulePages.Ids;

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_page_begins_with_the_id_the_title_and_the_category(string id)
    {
        var rule = RulePages.Rules[id].First();
        var page = RulePages.Page(id);

        Assert.StartsWith($"# {id}: {rule.Title}\n", page, StringComparison.Ordinal);
        Assert.Contains($"| Category | {rule.Category} |", page, StringComparison.Ordinal);
        Assert.Contains($"| Default severity | {rule.DefaultSeverity} |", page, StringComparison.Ordinal);
        Assert.Contains($"| Code fix | {(RulePages.Fixable.Contains(id) ? "Yes" : "No")} |", page, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_page_says_why_what_happens_and_what_to_do(string id)
    {
        Assert.Equal(
            ["Cause", "What happens at run time", "How to fix it", "When to suppress", "Known limits"],
            Heading().Matches(RulePages.Page(id)).Select(match => match.Groups["text"].Value)
                .Intersect(["Cause", "What happens at run time", "How to fix it", "When to suppress", "Known limits"]));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_help_link_of_every_descriptor_leads_to_the_page(string id)
    {
        Assert.All(RulePages.Rules[id], rule => Assert.EndsWith($"/docs/rules/{id}.md", rule.HelpLinkUri, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("src/McpSessionAnalyzers.Package/README.md")]
    public void The_tables_list_every_rule_as_it_is_and_no_other(string file)
    {
        var expected = RulePages.Rules.Select(rule =>
            $"{rule.Key} | {rule.First().Title} | {rule.First().Category} | {rule.First().DefaultSeverity} | {(RulePages.Fixable.Contains(rule.Key) ? "fix" : "no fix")}");

        var rows = Row().Matches(RulePages.Read(file.Split('/'))).Select(row =>
            $"{row.Groups["id"]} | {row.Groups["facts"]} | {(row.Groups["fix"].Value.Trim().Length > 0 ? "fix" : "no fix")}");

        Assert.Equal(expected, rows);
    }

    [Fact]
    public void There_is_no_page_without_a_rule()
    {
        Assert.Equal(
            RulePages.Rules.Select(rule => rule.Key),
            Directory.EnumerateFiles(Path.Combine(RulePages.Root, "docs", "rules")).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("^## (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\| \[?(?<id>MSA\d{4})(\]\([^)]*\))? \| (?<facts>[^|]+ \| [^|]+ \| \w+) \|(?<fix>[^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}

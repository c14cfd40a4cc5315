using System.Globalization;
using McpSessionAnalyzers.Durations;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace McpSessionAnalyzers.CodeFixes.Persistence;

/// <summary>The numbers that a diagnostic asks to convert.</summary>
internal static class ReportedNumbers
{
    public static IReadOnlyList<ExpressionSyntax> Of(Diagnostic diagnostic, SyntaxNode root)
    {
        var numbers = new List<ExpressionSyntax>();
        if (!diagnostic.Properties.TryGetValue(DurationProperties.Numbers, out var spans) || spans is null)
        {
            return numbers;
        }

        foreach (var span in spans.Split(new[] { ',' }, StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = span.Split('+');
            var found = new TextSpan(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
            if (found.End > root.FullSpan.End || root.FindNode(found, getInnermostNodeForTie: true) is not ExpressionSyntax number || number.Span != found)
            {
                return Array.Empty<ExpressionSyntax>();
            }

            numbers.Add(number);
        }

        return numbers;
    }

    public static bool IsMilliseconds(Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue(DurationProperties.Unit, out var unit) && unit == nameof(DurationUnit.Milliseconds);
}

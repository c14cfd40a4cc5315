using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.Harness;

/// <summary>The same code written otherwise. Works on lines, so that markup stays where it is.</summary>
public static partial class SourceVariant
{
    public static string WithCrlf(string source) => source.ReplaceLineEndings("\r\n");

    /// <summary>Whether a block namespace can be put around the types of the source.</summary>
    public static bool CanBeNested(string source)
    {
        var root = Code.Parse(source);
        return root is { AttributeLists.Count: 0, Externs.Count: 0, Members.Count: > 0 }
            && !root.ContainsDirectives
            && root.Members.All(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or NamespaceDeclarationSyntax);
    }

    /// <summary>The usings as they are, and all else one level deeper, in a block namespace.</summary>
    public static string Nested(string source, string @namespace)
    {
        var lines = source.ReplaceLineEndings("\n").Split('\n');
        var start = Array.FindLastIndex(lines, Using().IsMatch) + 1;
        while (start > 0 && start < lines.Length && lines[start].Trim().Length == 0)
        {
            start++;
        }

        var end = lines.Length;
        while (end > start && lines[end - 1].Trim().Length == 0)
        {
            end--;
        }

        var body = lines[start..end].Select(line => line.Length == 0 ? line : "    " + line);
        return string.Join('\n', [.. lines[..start], $"namespace {@namespace}", "{", .. body, "}", string.Empty]);
    }

    [GeneratedRegex(@"^(global )?using (static )?[\w.:<>= ,]+;\s*$")]
    private static partial Regex Using();
}

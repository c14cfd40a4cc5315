using System.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Compares the files of two solutions exactly, line endings included.</summary>
internal static class SolutionComparer
{
    public static async Task VerifyAsync(Solution actual, Solution expected, IVerifier verifier, CancellationToken cancellationToken)
    {
        var expectedProjects = expected.Projects.ToDictionary(project => project.Name);
        foreach (var project in actual.Projects)
        {
            var other = expectedProjects[project.Name];
            await VerifyAsync(project.Documents, other.Documents, "document", verifier, cancellationToken).ConfigureAwait(false);
            await VerifyAsync(project.AdditionalDocuments, other.AdditionalDocuments, "additional file", verifier, cancellationToken).ConfigureAwait(false);
            await VerifyAsync(project.AnalyzerConfigDocuments, other.AnalyzerConfigDocuments, "analyzer config file", verifier, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task VerifyAsync(IEnumerable<TextDocument> actual, IEnumerable<TextDocument> expected, string kind, IVerifier verifier, CancellationToken cancellationToken)
    {
        var (left, right) = (expected.ToArray(), actual.ToArray());
        verifier.Equal(left.Length, right.Length, $"expected {left.Length} {kind}s and got {right.Length}: {string.Join(", ", right.Select(document => document.FilePath ?? document.Name))}");
        for (var i = 0; i < left.Length; i++)
        {
            verifier.Equal(left[i].Name, right[i].Name, $"{kind} was expected to be '{left[i].Name}' but was '{right[i].Name}'");
            verifier.SequenceEqual(left[i].Folders, right[i].Folders, message: $"folders of '{left[i].Name}' differ");
            var wanted = await left[i].GetTextAsync(cancellationToken).ConfigureAwait(false);
            var got = await right[i].GetTextAsync(cancellationToken).ConfigureAwait(false);
            if (wanted.ToString() != got.ToString())
            {
                verifier.Fail($"content of '{left[i].FilePath}' did not match. Expected (-) and actual (+):\n{TextDiff.Lines(wanted.ToString(), got.ToString())}\nActual:\n{got}");
            }

            verifier.Equal(wanted.Encoding?.WebName, got.Encoding?.WebName, $"encoding of '{left[i].Name}' was expected to be '{wanted.Encoding?.WebName}' but was '{got.Encoding?.WebName}'");
        }
    }
}

/// <summary>A line by line comparison for failure messages.</summary>
internal static class TextDiff
{
    public static string Lines(string expected, string actual)
    {
        var (left, right) = (Split(expected), Split(actual));
        var common = LongestCommonSuffixes(left, right);
        var text = new StringBuilder();
        var (i, j) = (0, 0);
        while (i < left.Length || j < right.Length)
        {
            if (i < left.Length && j < right.Length && left[i] == right[j])
            {
                text.Append(' ').AppendLine(left[i]);
                (i, j) = (i + 1, j + 1);
            }
            else if (j >= right.Length || (i < left.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                text.Append('-').AppendLine(left[i++]);
            }
            else
            {
                text.Append('+').AppendLine(right[j++]);
            }
        }

        return text.ToString();
    }

    // Carriage returns are shown: a mixed ending is otherwise an invisible difference.
    private static string[] Split(string text) => text.Replace("\r", "<CR>", StringComparison.Ordinal).Split('\n');

    private static int[,] LongestCommonSuffixes(string[] left, string[] right)
    {
        var lengths = new int[left.Length + 1, right.Length + 1];
        for (var i = left.Length - 1; i >= 0; i--)
        {
            for (var j = right.Length - 1; j >= 0; j--)
            {
                lengths[i, j] = left[i] == right[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
            }
        }

        return lengths;
    }
}

using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Prints diagnostics and expectations as lines that can be pasted into a test, above the code that they point at.</summary>
internal static class DiagnosticFormatter
{
    public static string Format(ImmutableArray<DiagnosticAnalyzer> analyzers, IEnumerable<Diagnostic> diagnostics)
    {
        var text = new StringBuilder();
        foreach (var diagnostic in diagnostics)
        {
            text.Append("// ").AppendLine(diagnostic.ToString());
            AppendCode(text, diagnostic.Location);
            text.Append(Factory(analyzers, diagnostic.Id, diagnostic.Severity));
            if (diagnostic.Location.IsInSource)
            {
                AppendSpans(text, diagnostic);
            }

            if (Arguments(analyzers, diagnostic) is { } message)
            {
                text.Append(message);
            }

            text.AppendLine(",");
        }

        return text.ToString();
    }

    public static string Format(ImmutableArray<DiagnosticAnalyzer> analyzers, IEnumerable<DiagnosticResult> expected)
    {
        var text = new StringBuilder();
        foreach (var result in expected)
        {
            if (result.HasLocation)
            {
                text.Append("// ").Append(result.Spans[0].Span).Append(": ").AppendLine($"{result.Severity} {result.Id}: {result.Message}");
            }

            text.Append(Factory(analyzers, result.Id, result.Severity));
            foreach (var location in result.Spans)
            {
                text.Append(location.Options.HasFlag(DiagnosticLocationOptions.IgnoreLength)
                    ? $".WithLocation({Place(location.Span, start: true)})"
                    : $".WithSpan({Place(location.Span, start: false)})");
            }

            if (result.MessageArguments is { Length: > 0 } arguments)
            {
                text.Append($".WithArguments({string.Join(", ", arguments.Select(argument => $"\"{argument}\""))})");
            }

            text.AppendLine(",");
        }

        return text.ToString();
    }

    private static string Factory(ImmutableArray<DiagnosticAnalyzer> analyzers, string id, DiagnosticSeverity severity)
    {
        var owner = analyzers.FirstOrDefault(analyzer => analyzer.SupportedDiagnostics.Any(descriptor => descriptor.Id == id));
        return owner is null
            ? severity switch
            {
                DiagnosticSeverity.Error => $"DiagnosticResult.CompilerError(\"{id}\")",
                DiagnosticSeverity.Warning => $"DiagnosticResult.CompilerWarning(\"{id}\")",
                _ => $"new DiagnosticResult(\"{id}\", DiagnosticSeverity.{severity})",
            }
            : owner.SupportedDiagnostics.Length == 1 ? "Verify.Diagnostic()" : $"Verify.Diagnostic(\"{id}\")";
    }

    private static void AppendSpans(StringBuilder text, Diagnostic diagnostic)
    {
        foreach (var location in diagnostic.AdditionalLocations.Prepend(diagnostic.Location))
        {
            text.Append($".WithSpan({Place(location.GetLineSpan(), start: false)})");
        }
    }

    private static string? Arguments(ImmutableArray<DiagnosticAnalyzer> analyzers, Diagnostic diagnostic) =>
        analyzers.Any(analyzer => analyzer.SupportedDiagnostics.Any(descriptor => descriptor.Id == diagnostic.Id))
            ? $".WithMessage(\"{diagnostic.GetMessage().Replace("\"", "\\\"", StringComparison.Ordinal)}\")"
            : null;

    private static string Place(FileLinePositionSpan span, bool start)
    {
        var path = span.Path is "" or "/0/Test0.cs" ? string.Empty : $"\"{span.Path}\", ";
        var from = $"{path}{span.StartLinePosition.Line + 1}, {span.StartLinePosition.Character + 1}";
        return start ? from : $"{from}, {span.EndLinePosition.Line + 1}, {span.EndLinePosition.Character + 1}";
    }

    private static void AppendCode(StringBuilder text, Location location)
    {
        if (!location.IsInSource)
        {
            return;
        }

        var lines = location.SourceTree!.GetText().Lines;
        var line = lines.GetLineFromPosition(location.SourceSpan.Start);
        text.Append("//     ").AppendLine(line.ToString());
        var column = location.SourceSpan.Start - line.Start;
        text.Append("//     ").Append(' ', column).Append('~', Math.Max(1, Math.Min(location.SourceSpan.Length, line.End - location.SourceSpan.Start))).AppendLine();
    }
}

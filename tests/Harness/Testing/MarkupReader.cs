using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Turns the markup of a state's files into expectations and keyed locations.</summary>
internal sealed class MarkupReader(
    MarkupOptions options,
    DiagnosticDescriptor? defaultDiagnostic,
    ImmutableArray<DiagnosticDescriptor> supportedDiagnostics,
    MarkupMode mode,
    ImmutableArray<string> fixableDiagnostics)
{
    public Dictionary<string, FileLinePositionSpan> Keyed { get; } = [];

    public List<DiagnosticResult> Expected { get; } = [];

    public void Process(ProjectState from, ProjectState to)
    {
        Process(from.Sources, to.Sources);
        Process(from.AdditionalFiles, to.AdditionalFiles);
        Process(from.AnalyzerConfigFiles, to.AnalyzerConfigFiles);
        if (to.AdditionalReferences.Count == 0)
        {
            to.AdditionalReferences.AddRange(from.AdditionalReferences);
        }

        if (to.AdditionalProjectReferences.Count == 0)
        {
            to.AdditionalProjectReferences.AddRange(from.AdditionalProjectReferences);
        }
    }

    private void Process(SourceFileCollection from, SourceFileCollection to)
    {
        var processed = from.Select(Process).ToArray();
        to.Clear();
        to.AddRange(processed);
    }

    private (string Path, SourceText Content) Process((string Path, SourceText Content) file)
    {
        string output;
        ImmutableDictionary<string, ImmutableArray<TextSpan>> spans;
        try
        {
            TestFileMarkupParser.Parse(file.Content.ToString(), options.HasFlag(MarkupOptions.TreatPositionIndicatorsAsCode), out output, out _, out spans);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"{file.Path}: {e.Message}", e);
        }

        var text = SourceText.From(output, file.Content.Encoding, file.Content.ChecksumAlgorithm);
        foreach (var (name, places) in spans.OrderBy(span => span.Key, StringComparer.Ordinal))
        {
            foreach (var place in places)
            {
                var span = new FileLinePositionSpan(file.Path, text.Lines.GetLinePositionSpan(place));
                if (name.StartsWith('#'))
                {
                    if (!Keyed.TryAdd(name, span))
                    {
                        throw new ArgumentException($"{file.Path}: the input contained more than one '{{|{name}:' marker.");
                    }
                }
                else if (Expectation(name, file.Path) is { } expected)
                {
                    Expected.Add(expected.WithMessage(null).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations | DiagnosticOptions.IgnoreSeverity).WithSpan(span));
                }
            }
        }

        return (file.Path, text);
    }

    private DiagnosticResult? Expectation(string name, string path)
    {
        if (mode == MarkupMode.Ignore)
        {
            return null;
        }

        DiagnosticResult expected;
        if (name.Length == 0)
        {
            expected = new DiagnosticResult(defaultDiagnostic ?? throw new InvalidOperationException(
                $"{path}: markup syntax can only omit the diagnostic ID if the first analyzer only supports a single diagnostic"));
        }
        else
        {
            var descriptor = supportedDiagnostics.FirstOrDefault(descriptor => descriptor.Id == name);
            expected = descriptor is null ? DiagnosticResult.CompilerError(name) : new DiagnosticResult(descriptor);
        }

        return mode == MarkupMode.IgnoreFixable && fixableDiagnostics.Contains(expected.Id) ? null : expected;
    }
}

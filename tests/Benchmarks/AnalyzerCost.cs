using System.Collections.Immutable;
using System.Reflection;
using BenchmarkDotNet.Attributes;
using McpSessionAnalyzers.Lifetime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessions.Benchmarks;

/// <summary>
/// What analyzers add to a compilation in which every file is about MCP. All start from the same texts; what is to be compared is the difference to an
/// analyzer that does nothing, since the compiler's own work for having analyzers at all is paid by any project.
/// </summary>
[MemoryDiagnoser]
[MinColumn]
public class AnalyzerCost
{
    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.CSharp12);

    private static readonly CSharpCompilationOptions s_options = new CSharpCompilationOptions(
        OutputKind.DynamicallyLinkedLibrary, concurrentBuild: false, nullableContextOptions: NullableContextOptions.Enable)
        .WithSpecificDiagnosticOptions(ImmutableDictionary<string, ReportDiagnostic>.Empty.Add("CA2000", ReportDiagnostic.Warn));

    private readonly ImmutableArray<DiagnosticAnalyzer> _nothing = [new NothingAnalyzer()];
    private ImmutableArray<DiagnosticAnalyzer> _ours;
    private ImmutableArray<DiagnosticAnalyzer> _ca2000;
    private ImmutableArray<DiagnosticAnalyzer> _disposables;
    private ImmutableArray<MetadataReference> _references;
    private string[] _texts = [];

    [Params(100, 200)]
    public int Files { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _texts = [AgentSource.Usings, .. Enumerable.Range(0, Files).Select(AgentSource.File)];
        _references = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];
        _ours = Load(typeof(SessionOpenedPerCallAnalyzer).Assembly.Location);
        _ca2000 = [.. Load(PathOf("NetAnalyzers")).Where(analyzer => analyzer.SupportedDiagnostics.Any(diagnostic => diagnostic.Id == "CA2000"))];
        _disposables = Load(PathOf("IDisposableAnalyzers"));

        // What doesn't compile, or finds nothing, would be measured for nothing.
        if (Create().GetDiagnostics().FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) is { } error)
        {
            throw new InvalidOperationException(error.ToString());
        }

        Console.WriteLine($"// {Files} files, {_texts.Sum(text => text.Count(letter => letter == '\n'))} lines; reports: {Analyze(_ours)} of ours, {Analyze(_ca2000)} of CA2000, {Analyze(_disposables)} of IDisposableAnalyzers");
    }

    [Benchmark(Description = "compile, no analyzers")]
    public bool Compile() => Create().Emit(Stream.Null).Success;

    [Benchmark(Baseline = true, Description = "an analyzer that does nothing")]
    public int Nothing() => Analyze(_nothing);

    [Benchmark(Description = "McpSessionAnalyzers, all rules")]
    public int Ours() => Analyze(_ours);

    [Benchmark(Description = "CA2000 alone")]
    public int Ca2000() => Analyze(_ca2000);

    [Benchmark(Description = "IDisposableAnalyzers 4.0.8, all rules")]
    public int Disposables() => Analyze(_disposables);

    private CSharpCompilation Create() =>
        CSharpCompilation.Create("App", _texts.Select((text, i) => CSharpSyntaxTree.ParseText(text, s_parse, $"Agent{i}.cs")), _references, s_options);

    private int Analyze(ImmutableArray<DiagnosticAnalyzer> analyzers)
    {
        var analysis = Create().WithAnalyzers(analyzers, new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (exception, _, _) => throw exception, concurrentAnalysis: false, logAnalyzerExecutionTime: false));
        return analysis.GetAllDiagnosticsAsync().GetAwaiter().GetResult().Count(diagnostic => !diagnostic.Id.StartsWith("CS", StringComparison.Ordinal));
    }

    private static ImmutableArray<DiagnosticAnalyzer> Load(string path) => new AnalyzerFileReference(path, new Loader()).GetAnalyzers(LanguageNames.CSharp);

    private static string PathOf(string name) =>
        typeof(AnalyzerCost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == name).Value!;

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}

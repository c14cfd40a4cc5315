using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Tests.Documentation;

/// <summary>The rules that the assemblies export, and the documents that speak of them.</summary>
internal static class RulePages
{
    private static readonly Assembly s_analyzers = typeof(Descriptors).Assembly;
    private static readonly Assembly s_fixes = Assembly.Load("McpSessionAnalyzers.CodeFixes");

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<DiagnosticAnalyzer> Analyzers { get; } =
        [.. Exported<DiagnosticAnalyzer>(s_analyzers)];

    /// <summary>Every rule, by id. A rule with several messages has several descriptors.</summary>
    public static ILookup<string, DiagnosticDescriptor> Rules { get; } = Analyzers
        .SelectMany(analyzer => analyzer.SupportedDiagnostics)
        .Distinct()
        .OrderBy(descriptor => descriptor.Id, StringComparer.Ordinal)
        .ToLookup(descriptor => descriptor.Id);

    public static TheoryData<string> Ids => [.. Rules.Select(rule => rule.Key)];

    public static IReadOnlySet<string> Fixable { get; } =
        Exported<CodeFixProvider>(s_fixes).SelectMany(fix => fix.FixableDiagnosticIds).ToHashSet(StringComparer.Ordinal);

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path]));

    /// <summary>The C# files of all samples, without what a build has left there.</summary>
    public static IEnumerable<string> SampleFiles => Directory.EnumerateDirectories(Path.Combine(Root, "samples"))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs"))
        .Order(StringComparer.Ordinal);

    public static string Page(string id) => Read("docs", "rules", $"{id}.md");

    private static IEnumerable<T> Exported<T>(Assembly assembly) => assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract)
        .OrderBy(type => type.FullName, StringComparer.Ordinal)
        .Select(type => (T)Activator.CreateInstance(type)!);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "McpSessionAnalyzers.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests must run inside the repository.");
        }

        return folder.FullName;
    }
}

using System.Collections.Immutable;
using System.Reflection;
using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.RuntimeProofs;

/// <summary>Every analyzer and every fix of the package: a repaired program is silent under all of them.</summary>
internal static class Rules
{
    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } = All<DiagnosticAnalyzer, DiagnosticAnalyzerAttribute>(typeof(Descriptors).Assembly);

    public static ImmutableArray<CodeFixProvider> Fixes { get; } = All<CodeFixProvider, ExportCodeFixProviderAttribute>(typeof(SessionCodeFix).Assembly);

    private static ImmutableArray<T> All<T, TAttribute>(Assembly assembly)
        where TAttribute : Attribute =>
    [
        .. assembly.GetTypes()
            .Where(type => type is { IsAbstract: false } && type.GetCustomAttribute<TAttribute>() is not null)
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(type => (T)Activator.CreateInstance(type)!),
    ];
}

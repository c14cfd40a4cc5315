using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace McpSessionAnalyzers.Harness;

/// <summary>What an IDE and <c>dotnet format</c> need of a fix before it ever runs.</summary>
public static class FixProvider
{
    /// <exception cref="InvalidOperationException">The fix isn't exported, or has no Fix All that works.</exception>
    public static void Verify(CodeFixProvider fix)
    {
        var name = fix.GetType().Name;
        Require(
            fix.GetType().GetCustomAttribute<ExportCodeFixProviderAttribute>(inherit: false)?.Languages.Contains(LanguageNames.CSharp) == true,
            $"{name} isn't exported for C#: no IDE will find it.");
        var fixAll = fix.GetFixAllProvider();
        Require(fixAll is not null, $"{name} has no Fix All: 'dotnet format' would report success and change nothing.");
        Require(fixAll != WellKnownFixAllProviders.BatchFixer, $"{name} uses the BatchFixer, which loses edits that overlap (dotnet/roslyn#59130).");
        FixAllScope[] scopes = [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];
        var missing = scopes.Except(fixAll!.GetSupportedFixAllScopes()).ToArray();
        Require(missing.Length == 0, $"{name} has no Fix All in {string.Join(", ", missing)}.");
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new InvalidOperationException(problem);
        }
    }
}

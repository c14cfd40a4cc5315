using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

#pragma warning disable RS1036, RS1038, RS1041, RS2008 // rules for analyzers that are shipped

namespace McpSessionAnalyzers.Tests.HarnessTests;

/// <summary>Throws at the first class.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ThrowingAnalyzer : BadNameAnalyzer
{
    protected override void Analyze(SymbolAnalysisContext context) => throw new NotSupportedException("thrown by the analyzer");
}

/// <summary>Throws where a class is half-typed: it takes a declaration to have members.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ThrowsOnHalfTypedCodeAnalyzer : BadNameAnalyzer
{
    protected override void Analyze(SymbolAnalysisContext context)
    {
        base.Analyze(context);
        _ = ((INamedTypeSymbol)context.Symbol).GetMembers("Needed").Single();
    }
}

/// <summary>Keeps, for a file, the cancellation of one analysis as the answer to the next: a lazy keeps the exception of its factory.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class KeepsCancellationAnalyzer : BadNameAnalyzer
{
    private static readonly ConditionalWeakTable<SyntaxTree, Lazy<bool>> Facts = new();

    protected override void Analyze(SymbolAnalysisContext context) => _ = Facts.GetValue(context.Symbol.Locations[0].SourceTree!, _ => new Lazy<bool>(() =>
    {
        var isSet = context.Options.AnalyzerConfigOptionsProvider.GlobalOptions.TryGetValue("test.enabled", out var _);
        context.CancellationToken.ThrowIfCancellationRequested();
        return isSet;
    })).Value;
}

/// <summary>Takes a cancellation for the end of its work on a file.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SwallowsCancellationAnalyzer : BadNameAnalyzer
{
    private static readonly ConditionalWeakTable<SyntaxTree, object> Done = new();

    protected override void Analyze(SymbolAnalysisContext context)
    {
        // Noted before it is cancelled: whoever is told of the cancellation may ask again before this thread goes on.
        var tree = context.Symbol.Locations[0].SourceTree!;
        if (!Done.TryAdd(tree, this))
        {
            return;
        }

        _ = context.Options.AnalyzerConfigOptionsProvider.GlobalOptions.TryGetValue("test.enabled", out _);
        if (!context.CancellationToken.IsCancellationRequested)
        {
            Done.Remove(tree);
            base.Analyze(context);
        }
    }
}

/// <summary>Speaks in generated code, too.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SpeaksInGeneratedCodeAnalyzer : BadNameAnalyzer
{
    protected override GeneratedCodeAnalysisFlags GeneratedCode => GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics;
}

/// <summary>Its location depends on line endings.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CountsLineEndingsAnalyzer : BadNameAnalyzer
{
    protected override Diagnostic Create(ISymbol symbol)
    {
        var tree = symbol.Locations[0].SourceTree!;
        var windows = tree.ToString().Contains('\r', StringComparison.Ordinal);
        return Diagnostic.Create(Rule, symbol.Locations[0], windows ? "with returns" : symbol.Name);
    }
}

/// <summary>Points at the class, and at the members in it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PointsAtMembersAnalyzer : BadNameAnalyzer
{
    protected override Diagnostic Create(ISymbol symbol) =>
        Diagnostic.Create(Rule, symbol.Locations[0], ((INamedTypeSymbol)symbol).GetMembers().Where(member => !member.IsImplicitlyDeclared).Select(member => member.Locations[0]), symbol.Name);
}

/// <summary>Has two descriptors, the second off by default.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TwoRulesAnalyzer : BadNameAnalyzer
{
    private static readonly DiagnosticDescriptor Other = new("TEST002", "Long name", "'{0}' is long", "Test", DiagnosticSeverity.Info, isEnabledByDefault: false);

    public override System.Collections.Immutable.ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule, Other];

    protected override void Analyze(SymbolAnalysisContext context)
    {
        base.Analyze(context);
        if (context.Symbol.Name.Length > 10)
        {
            context.ReportDiagnostic(Diagnostic.Create(Other, context.Symbol.Locations[0], context.Symbol.Name));
        }
    }
}

/// <summary>Speaks where an option says so, of names that an additional file lists.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ConfiguredAnalyzer : BadNameAnalyzer
{
    protected override void Analyze(SymbolAnalysisContext context)
    {
        var options = context.Options.AnalyzerConfigOptionsProvider.GetOptions(context.Symbol.Locations[0].SourceTree!);
        var listed = context.Options.AdditionalFiles.Where(file => file.Path.EndsWith("names.txt", StringComparison.Ordinal)).SelectMany(file => file.GetText()!.Lines).Select(line => line.ToString());
        if (options.TryGetValue("test.enabled", out var enabled) && enabled == "true" && listed.Contains(context.Symbol.Name))
        {
            context.ReportDiagnostic(Create(context.Symbol));
        }
    }
}

/// <summary>Works on syntax, at the end of the compilation, one callback at a time.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CostlyAnalyzer : BadNameAnalyzer
{
#pragma warning disable RS1013, RS1026, CA1062
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(_ => { }, Microsoft.CodeAnalysis.CSharp.SyntaxKind.ClassDeclaration);
        context.RegisterCompilationAction(_ => { });
    }
#pragma warning restore
}

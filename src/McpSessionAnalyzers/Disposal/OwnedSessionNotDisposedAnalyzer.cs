using System.Collections.Immutable;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace McpSessionAnalyzers.Disposal;

/// <summary>
/// MSA1103: a field or property whose session its type opens, and nobody disposes.
/// <code>
/// class Agent { McpClient? _mcp; async Task StartAsync() => _mcp = await McpClient.CreateAsync(transport); }           // reported at _mcp
/// class Agent : IAsyncDisposable { …; public ValueTask DisposeAsync() => _mcp?.DisposeAsync() ?? default; }           // silent
/// </code>
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OwnedSessionNotDisposedAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.OwnedSessionNotDisposed);

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            var facts = CompilationFacts.Of(start.Compilation);
            if (facts.Symbols.HasClients)
            {
                start.RegisterSymbolAction(symbol => Analyze(symbol, facts), SymbolKind.NamedType);
            }
        });
    }

    private static void Analyze(SymbolAnalysisContext context, CompilationFacts facts)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        // What an unknown base class disposes is unknown.
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct) || type.BaseType is { TypeKind: TypeKind.Error })
        {
            return;
        }

        var sessions = facts.Sessions;
        foreach (var owned in sessions.Members.OwnedBy(type, context.CancellationToken).Concat(sessions.Arrivals.Into(type, context.CancellationToken)))
        {
            // Static members live as long as the process.
            if (owned.Member.IsStatic || sessions.Disposal.IsDisposed(owned, context.CancellationToken))
            {
                continue;
            }

            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.OwnedSessionNotDisposed,
                owned.Member.Locations[0],
                owned.Stores.Select(store => store.Opening.Location),
                SymbolNames.Of(owned.Member),
                WhatIsWrong(type, sessions),
                sessions.Types.IsDisposable(type) ? "dispose it there" : "implement IAsyncDisposable and dispose it there"));
        }
    }

    private static string WhatIsWrong(INamedTypeSymbol type, SessionFacts sessions)
    {
        if (!sessions.Types.IsDisposable(type))
        {
            return $"'{type.Name}' is not disposable";
        }

        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.GetMembers().OfType<IMethodSymbol>().FirstOrDefault(method => method.Name is "DisposeAsync" or "Dispose" or "DisposeAsyncCore") is { } dispose)
            {
                return $"'{SymbolNames.Of(dispose)}' forgets it";
            }
        }

        return "no method disposes it";
    }
}

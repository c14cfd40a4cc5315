using System.Runtime.CompilerServices;
using McpSessionAnalyzers.Calls;
using McpSessionAnalyzers.Sessions;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers;

/// <summary>
/// All that the rules know of one compilation, built once, shared by every analyzer and safe for concurrent use.
/// The parts are made on first use: a compilation without sessions pays for none of them.
/// </summary>
internal sealed class CompilationFacts
{
    private static readonly ConditionalWeakTable<Compilation, CompilationFacts> Cache = new();

    private readonly Lazy<SessionFacts> _sessions;
    private readonly Lazy<CallContexts> _calls;
    private readonly Lazy<RepeatedCalls> _repeatedCalls;

    private CompilationFacts(Compilation compilation)
    {
        Compilation = compilation;
        Symbols = new McpSymbols(compilation);
        _sessions = new(() => new SessionFacts(compilation, Symbols));
        _calls = new(() => new CallContexts(this));
        _repeatedCalls = new(() => new RepeatedCalls(this));
    }

    public Compilation Compilation { get; }

    public McpSymbols Symbols { get; }

    public SessionFacts Sessions => _sessions.Value;

    public CallContexts Calls => _calls.Value;

    public RepeatedCalls RepeatedCalls => _repeatedCalls.Value;

    public static CompilationFacts Of(Compilation compilation) => Cache.GetValue(compilation, static c => new CompilationFacts(c));
}

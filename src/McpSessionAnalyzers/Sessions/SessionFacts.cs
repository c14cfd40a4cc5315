using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>What is known of the sessions of one compilation. Built once, shared by all rules, thread-safe.</summary>
internal sealed class SessionFacts
{
    public SessionFacts(Compilation compilation, McpSymbols symbols)
    {
        Symbols = symbols;
        Types = new SessionTypes(compilation, symbols);
        Factories = new SdkFactories(symbols);
        Calls = new KnownCalls(compilation);
        Bodies = new MemberBodies(compilation);
        Implementations = new Implementations(compilation);
        Names = new SessionNames(this, compilation);
        Code = new SessionCode(this);
        Openings = new Openings(this);
        Members = new SessionMembers(this);
        Disposal = new MemberDisposal(this);
        Arrivals = new SessionArrivals(this);
        OutlivingTools = new OutlivingTools(this);
    }

    public McpSymbols Symbols { get; }

    public SessionTypes Types { get; }

    public SdkFactories Factories { get; }

    public KnownCalls Calls { get; }

    public MemberBodies Bodies { get; }

    public Implementations Implementations { get; }

    public SessionNames Names { get; }

    public SessionCode Code { get; }

    public Openings Openings { get; }

    public SessionMembers Members { get; }

    public MemberDisposal Disposal { get; }

    public SessionArrivals Arrivals { get; }

    public OutlivingTools OutlivingTools { get; }
}

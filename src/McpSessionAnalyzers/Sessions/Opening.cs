using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Sessions;

/// <summary>By what an operation opens a session.</summary>
internal enum OpeningKind
{
    /// <summary>A factory of the SDK: <c>McpClient.CreateAsync</c>, <c>McpClientFactory.CreateAsync</c>.</summary>
    Factory,

    /// <summary><c>McpClient.ResumeSessionAsync</c>: a known session is taken up again.</summary>
    Resume,

    /// <summary><c>IClientTransport.ConnectAsync</c>.</summary>
    Connect,

    /// <summary>Code in source whose result is a session that it has just opened and did not keep.</summary>
    Helper,

    /// <summary>Construction of an object that owns a session.</summary>
    Owner,
}

/// <summary>
/// An operation whose value is a session that somebody must now close.
/// </summary>
/// <param name="Kind">By what it opens.</param>
/// <param name="Operation">The invocation, object creation or property read.</param>
/// <param name="Callee">What is called: the factory, the helper or the owner's constructor.</param>
/// <param name="Path">For a helper: the openings inside, from the call to the factory of the SDK; empty elsewhere.</param>
/// <param name="Transport">The expression of the transport, as far as this member shows it.</param>
/// <param name="Inputs">All expressions in this member that decide which session is opened: the transport, the options, a helper's arguments for them.</param>
internal sealed record Opening(
    OpeningKind Kind,
    IOperation Operation,
    IMethodSymbol Callee,
    ImmutableArray<Opening> Path,
    IOperation? Transport,
    ImmutableArray<IOperation> Inputs)
{
    /// <summary>Where the session comes out, if not as the value of <see cref="Operation"/>: the argument of an out parameter.</summary>
    public IArgumentOperation? OutArgument { get; init; }

    /// <summary>The factory's or helper's name: where a diagnostic stands.</summary>
    public Location Location => OpeningLocations.NameOf(Operation);

    /// <summary>The opening by the SDK (or of an owner) at the end of the path.</summary>
    public Opening Innermost => Path.IsEmpty ? this : Path[Path.Length - 1];
}

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace McpSessionAnalyzers.Sessions;

/// <summary>How something that needs a session gets out of the scope that closes the session.</summary>
internal enum OutlivingToolKind
{
    Returned,
    Yielded,

    /// <summary>A field or property, or a method that puts it into one, takes it.</summary>
    Stored,

    /// <summary>A local that was declared outside takes it, or an object that the caller has given.</summary>
    CarriedOut,
}

/// <summary>One place where something that needs a session leaves the scope that closes the session.</summary>
/// <param name="Kind">How.</param>
/// <param name="Operation">The return, yield, assignment or call.</param>
/// <param name="Target">What takes it: the function that returns it, the field, the local or the parameter.</param>
/// <param name="Sessions">The openings, or other sources, of the sessions that it needs.</param>
internal sealed record OutlivingTool(OutlivingToolKind Kind, IOperation Operation, ISymbol? Target, ImmutableArray<IOperation> Sessions)
{
    /// <summary>Where a diagnostic about it stands.</summary>
    public Location Location => Operation.Syntax switch
    {
        ReturnStatementSyntax { ReturnKeyword: var keyword } => keyword.GetLocation(),
        YieldStatementSyntax { YieldKeyword: var keyword } => keyword.GetLocation(),
        AssignmentExpressionSyntax { Left: var left } => left.GetLocation(),
        InvocationExpressionSyntax => OpeningLocations.NameOf(Operation),
        var syntax => syntax.GetLocation(),
    };
}

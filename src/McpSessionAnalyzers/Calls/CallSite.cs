using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Calls;

/// <summary>Where code stands: in a delegate whose receiver has told how often it runs, or in an owner that has yet to be asked.</summary>
/// <param name="Known">What the receiver of the delegate tells.</param>
/// <param name="Owner">Otherwise: the member, local function or lambda in a variable that contains the code.</param>
/// <param name="Repeats">A loop, or a lambda run per element, stands between the owner and the code.</param>
/// <param name="Deferred">A delegate that is kept somewhere stands between: it doesn't run when its owner runs.</param>
/// <param name="Loops">Such loop statements and calls with a lambda per element, innermost first.</param>
internal readonly record struct CallSite(CallContext? Known, ISymbol? Owner, bool Repeats, bool Deferred, ImmutableArray<IOperation> Loops)
{
    /// <summary>The answer at this site, given that of its owner: what runs once outside the loop says nothing about inside.</summary>
    public CallContext Answer(CallContext owner) => Known ?? (owner.IsRunOnce && (Repeats || Deferred) ? CallContext.Unknown : owner);
}

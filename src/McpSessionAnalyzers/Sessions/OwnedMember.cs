using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>A field or property whose session, or sessions, its type must close.</summary>
/// <param name="Member">The instance or static field or property, or the primary constructor's parameter that methods capture.</param>
/// <param name="Stores">What its type opens into it; empty where the session comes in through a constructor that nobody else keeps it from.</param>
/// <param name="Companions">Other members that the same session is stored in: to dispose one is to dispose both.</param>
internal sealed record OwnedMember(ISymbol Member, ImmutableArray<TracedOpening> Stores, ImmutableArray<ISymbol> Companions);

using Microsoft.CodeAnalysis;

namespace McpSessionAnalyzers.Sessions;

/// <summary>
/// Locals that a lambda or local function captures: one that is declared where code runs once keeps a session from call to call of the
/// function, as a field would (<c>McpClient? known = null; app.MapGet("/", async () => { known ??= await …; })</c>).
/// </summary>
internal static class OuterLocals
{
    public static bool KeepIt(TracedOpening traced, CompilationFacts facts, CancellationToken cancellationToken)
    {
        foreach (var holder in traced.Trace.Holders.OfType<ILocalSymbol>())
        {
            if (!SymbolEqualityComparer.Default.Equals(holder.ContainingSymbol, traced.Function)
                && traced.Body.Declarators(holder).FirstOrDefault() is { } declaration
                && facts.Calls.Of(traced.Opening.Operation, cancellationToken).IsPerCall
                && !facts.Calls.Of(declaration, cancellationToken).IsPerCall)
            {
                return true;
            }
        }

        return false;
    }
}

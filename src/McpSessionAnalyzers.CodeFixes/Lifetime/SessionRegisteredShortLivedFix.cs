using McpSessionAnalyzers.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// Fixes MSA1005. What keeps its session itself, and is right as a singleton just as it stands, becomes one. Where McpSessions is referenced and
/// everybody who gets the session from the container can be seen and rewritten, one <c>SharedMcpSession</c> is registered as a singleton, and its
/// consumers ask it for the session when they need it.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SessionRegisteredShortLivedFix))]
public sealed class SessionRegisteredShortLivedFix : SessionCodeFix
{
    /// <summary>Registers one shared session.</summary>
    public const string RegisterShared = RuleIds.SessionRegisteredShortLived + "_RegisterShared";

    /// <summary>Made by the host.</summary>
    public SessionRegisteredShortLivedFix()
        : base(RuleIds.SessionRegisteredShortLived, RegisterShared)
    {
    }

    internal override string Title => "Register one shared MCP session as a singleton";

    internal override async Task<string?> TryFixAsync(SolutionEdits edits, Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await edits.OfAsync(document, cancellationToken).ConfigureAwait(false) is not { } here
            || RegistrationSyntax.Find(here, diagnostic, cancellationToken) is not { } written)
        {
            return null;
        }

        if (await SingletonRegistration.IsRightAsync(written, edits, here, cancellationToken).ConfigureAwait(false))
        {
            written.WriteSingleton(here, service: null, isNamed: false);
            return "Register it as a singleton";
        }

        if (SharedRegistration.Find(written, here, cancellationToken) is not { } registration
            || await SessionConsumers.FindAsync(registration, edits, cancellationToken).ConfigureAwait(false) is not { Count: > 0 } consumers)
        {
            return null;
        }

        registration.Write(edits, here, cancellationToken);
        foreach (var consumer in consumers)
        {
            consumer.Write();
        }

        return Title;
    }
}

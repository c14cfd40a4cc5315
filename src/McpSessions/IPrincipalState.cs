using System.Security.Claims;

namespace McpSessions;

/// <summary>
/// What an MCP server remembers of a caller, across sessions. Session ids change with every reconnect, and the 2026-07-28 revision of the
/// protocol has none: state belongs to the principal.
/// </summary>
/// <remarks>
/// Register with <c>services.AddPrincipalState&lt;T&gt;(name, typeInfo)</c>. Kept in the registered <c>IDistributedCache</c>: memory by default, Redis or
/// another by registration. The cache sees a keyed hash of the principal, never the principal. All members are thread-safe; of two writers at the
/// same time the last one wins.
/// </remarks>
/// <typeparam name="T">What is remembered.</typeparam>
public interface IPrincipalState<T>
    where T : class
{
    /// <summary>What is remembered of the principal, or <see langword="null"/>. Reading it extends its life.</summary>
    /// <param name="principal">The stable subject, such as a user id; never a token or a session id.</param>
    /// <param name="cancellationToken">Ends this call.</param>
    /// <exception cref="ArgumentException">The principal is empty.</exception>
    ValueTask<T?> GetAsync(string principal, CancellationToken cancellationToken = default);

    /// <summary>Remembers this of the principal, instead of what was there.</summary>
    /// <param name="principal">The stable subject, such as a user id; never a token or a session id.</param>
    /// <param name="value">What to remember.</param>
    /// <param name="cancellationToken">Ends this call.</param>
    /// <exception cref="ArgumentException">The principal is empty.</exception>
    ValueTask SetAsync(string principal, T value, CancellationToken cancellationToken = default);

    /// <summary>Forgets the principal.</summary>
    /// <param name="principal">The stable subject, such as a user id; never a token or a session id.</param>
    /// <param name="cancellationToken">Ends this call.</param>
    /// <exception cref="ArgumentException">The principal is empty.</exception>
    ValueTask RemoveAsync(string principal, CancellationToken cancellationToken = default);
}

/// <summary>The stable subject of a signed-in user.</summary>
public static class PrincipalStateExtensions
{
    /// <summary>
    /// The subject to key state by: the claim <see cref="ClaimTypes.NameIdentifier"/>, else <c>sub</c>, else <see cref="ClaimTypes.Upn"/>, which is also how the
    /// SDK's HTTP server tells users apart, together with its issuer.
    /// </summary>
    /// <param name="user">The user of the request, such as <c>RequestContext.User</c>.</param>
    /// <exception cref="InvalidOperationException">The user is not signed in, or has none of these claims.</exception>
    public static string StableSubject(this ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        var claim = user.Identity?.IsAuthenticated == true
            ? user.FindFirst(ClaimTypes.NameIdentifier) ?? user.FindFirst("sub") ?? user.FindFirst(ClaimTypes.Upn)
            : null;
        return claim is null
            ? throw new InvalidOperationException("State is kept per principal, and this caller is not signed in or has no stable subject (name identifier, sub or upn).")
            : $"{claim.Issuer}|{claim.Value}";
    }
}

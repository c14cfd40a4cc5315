using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpSessions;

/// <summary>
/// Reports the registry's servers: unhealthy if one is down, degraded if one is degraded. It says what the sessions know from their own work,
/// and waits for no server. One in trouble it has tried again in the background, over HTTP only, for the next check. Register it with <c>services.AddHealthChecks().AddCheck&lt;McpSessionsHealthCheck&gt;("mcp")</c>.
/// </summary>
/// <param name="registry">The servers.</param>
public sealed class McpSessionsHealthCheck(McpSessionRegistry registry) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var servers = registry.Names.Select(registry.StatusOf).ToList();
        var troubled = servers.Where(static server => server.Health != McpServerHealth.Healthy).OrderByDescending(static server => server.Health).ToList();
        foreach (var server in troubled)
        {
            _ = registry.TryAgainAsync(server.Name);
        }

        var result = troubled.FirstOrDefault()?.Health switch
        {
            null => HealthStatus.Healthy,
            McpServerHealth.Degraded => HealthStatus.Degraded,
            _ => context.Registration.FailureStatus,
        };
        return Task.FromResult(new HealthCheckResult(
            result,
            troubled.Count == 0 ? null : string.Join("; ", troubled.Select(static server => $"{SafeText.OneLine(server.Name)} is {Describe(server)}")),
            troubled.FirstOrDefault()?.LastError,
            servers.ToDictionary(static server => server.Name, static server => (object)Describe(server))));
    }

    private static string Describe(McpServerStatus server) =>
        $"{server.Health.ToString().ToLowerInvariant()} since {server.Since:u}, {server.ConsecutiveFailures} failures in a row{(server.LastError is { } error ? $": {error.Message}" : "")}";
}

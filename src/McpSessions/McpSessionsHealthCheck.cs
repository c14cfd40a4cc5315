using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace McpSessions;

/// <summary>
/// Reports the registry's servers: unhealthy if one is down, degraded if one is degraded. It looks at what the sessions know from their own
/// work and starts no process and no request. Register it with <c>services.AddHealthChecks().AddCheck&lt;McpSessionsHealthCheck&gt;("mcp")</c>.
/// </summary>
/// <param name="registry">The servers.</param>
public sealed class McpSessionsHealthCheck(McpSessionRegistry registry) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var data = new Dictionary<string, object>();
        var worst = McpServerHealth.Healthy;
        Exception? error = null;
        foreach (var name in registry.Names)
        {
            var health = registry.HealthOf(name);
            var status = registry[name].Status;
            data[name] = $"{health}: {status.State} since {status.Since:u}, {status.ConsecutiveFailures} failures in a row";
            if (health > worst)
            {
                (worst, error) = (health, status.LastError);
            }
        }

        var result = worst switch
        {
            McpServerHealth.Healthy => HealthStatus.Healthy,
            McpServerHealth.Degraded => HealthStatus.Degraded,
            _ => context.Registration.FailureStatus,
        };
        return Task.FromResult(new HealthCheckResult(result, error?.Message, error, data));
    }
}

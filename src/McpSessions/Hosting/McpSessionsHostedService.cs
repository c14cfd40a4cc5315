using Microsoft.Extensions.Hosting;

namespace McpSessions.Hosting;

/// <summary>
/// Checks the definitions before anything starts, warms up, and drains the sessions at the very end: what stops before may still need them to
/// finish its work, whatever the order of registration.
/// </summary>
internal sealed class McpSessionsHostedService(McpSessionRegistry registry) : IHostedLifecycleService
{
    // Constructing the registry, which the host does first of all, has validated the definitions.
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        registry.WarmUp();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await registry.DisposeAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host has no more time; closing goes on as long as the process lives.
        }
    }
}

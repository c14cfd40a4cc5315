using Microsoft.Extensions.Hosting;

namespace McpSessions.Hosting;

/// <summary>Checks the definitions when the application starts, warms up, and drains the sessions when it stops.</summary>
internal sealed class McpSessionsHostedService(McpSessionRegistry registry) : IHostedService
{
    // Constructing the registry has validated the definitions.
    public Task StartAsync(CancellationToken cancellationToken)
    {
        registry.WarmUp();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
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

using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using McpSessions.Resilience;
using Polly;

namespace McpSessions.Opening;

/// <summary>Opens a client from the user's factories, within the overall deadline.</summary>
internal sealed class SessionOpener(TransportScope scope, Func<McpClientOptions?>? clientOptions)
{
    private readonly ResiliencePipeline _retry = OpeningRetry.Create(scope.Options.OpeningRetries, scope.Options.TimeProvider);

    public async Task<Outcome<OpenClient>> OpenAsync(int opening, CancellationToken closing)
    {
        var options = scope.Options;
        var started = options.TimeProvider.GetTimestamp();
        using var activity = Telemetry.StartOpening(opening);
        // The last one tried; the others are closed by then.
        var transport = new ResilientClientTransport(scope);
        try
        {
            var client = await Deadline.RunAsync(
                token => _retry.ExecuteAsync(
                    async attempt =>
                    {
                        if (transport.Session is not null)
                        {
                            await transport.DisposeAsync().ConfigureAwait(false);
                            transport = new ResilientClientTransport(scope);
                        }

                        return await ConnectAsync(transport, attempt).ConfigureAwait(false);
                    },
                    token).AsTask(),
                late => DiscardAsync(late, transport), options.ConnectTimeout, options.TimeProvider, closing).ConfigureAwait(false);
            var duration = options.TimeProvider.GetElapsedTime(started);
            Log.Opened(scope.Logger, client.ServerName, opening, duration.TotalMilliseconds);
            Telemetry.Opened(activity, client.ServerName, duration);
            return client;
        }
        catch (Exception e)
        {
            var generations = transport.Session?.Generations;
            var failure = OpeningFailure.Describe(
                transport.Name, generations?.TransportKind, generations?.Attempts ?? new(), e, e is TimeoutException ? options.ConnectTimeout : null, opening);
            if (!closing.IsCancellationRequested)
            {
                Log.OpeningFailed(scope.Logger, opening, failure.Message);
                Telemetry.OpeningFailed(activity, transport.Name, failure.Message);
            }

            return failure;
        }
    }

    private async Task<OpenClient> ConnectAsync(ResilientClientTransport transport, CancellationToken cancellationToken)
    {
        // The client writes to its options, so every opening needs new ones.
        var options = clientOptions?.Invoke() ?? new McpClientOptions();
        if (scope.Options.TimeProvider != TimeProvider.System)
        {
            options.TimeProvider = scope.Options.TimeProvider;
        }

        var client = await McpClient.CreateAsync(transport, options, scope.Options.LoggerFactory, cancellationToken).ConfigureAwait(false);
        if (options.Handlers.NotificationHandlers is not null)
        {
            transport.Session!.WantServerMessages();
        }

        return new OpenClient(client, transport, scope.Options, scope.Logger);
    }

    private async Task DiscardAsync(Task<OpenClient> late, ResilientClientTransport transport)
    {
        try
        {
            await (await late.ConfigureAwait(false)).CloseAsync(TimeSpan.Zero, waitForHandlers: false).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The failure itself was reported to the callers; what remains is the transport.
            Log.OpeningEnded(scope.Logger, transport.Name, SafeText.OneLine(e.Message));
            await transport.DisposeAsync().ConfigureAwait(false);
        }
    }
}

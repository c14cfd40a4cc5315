using System.Net;
using ModelContextProtocol;
using Polly;
using Polly.Retry;

namespace McpSessions.Opening;

/// <summary>Tries an opening again, with growing and jittered delays, where the server may be there in a moment: never where it has said no.</summary>
internal static class OpeningRetry
{
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(200);

    public static ResiliencePipeline Create(int retries, TimeProvider timeProvider) => retries == 0
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = timeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = retries,
                Delay = s_firstDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = static attempt => new ValueTask<bool>(IsPassing(attempt.Outcome.Exception)),
            })
            .Build();

    private static bool IsPassing(Exception? e) => e switch
    {
        HttpRequestException { StatusCode: null } => true,
        HttpRequestException { StatusCode: HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.TooManyRequests } => true,
        // A server of the 2026-07-28 revision that was too slow for the client's probe, as a process that has just been started may be; the client then
        // tries the older handshake, which it does not have. (Of a server that does not know the probe the client makes no error.)
        McpProtocolException { ErrorCode: McpErrorCode.MethodNotFound } => true,
        McpConnectException { InnerException: { } cause } => IsPassing(cause),
        _ => false,
    };
}

using System.Net;
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
        McpConnectException { InnerException: { } cause } => IsPassing(cause),
        _ => false,
    };
}

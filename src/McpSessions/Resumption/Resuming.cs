using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using McpSessions.Http;
using McpSessions.Opening;
using McpSessions.Resilience;

namespace McpSessions.Resumption;

/// <summary>Tries to go on with a session of an earlier process. It is alive if it answers; whatever else happens, a new one is opened instead.</summary>
internal static class Resuming
{
    /// <summary>As long as the SDK's client waits for its first answer. A server that does not know the session may as well be silent.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static async Task<Generation?> TryAsync(
        SessionTicket ticket, int number, TransportScope scope, StreamGate stream, Action<Generation, JsonRpcMessage> deliver, CancellationToken cancellationToken)
    {
        // Not ours to end on the server as long as we do not know that it is ours.
        var http = new HttpSessionState(stream) { ResumedRevision = ticket.ProtocolVersion, StaysOpen = true };
        var context = scope.NewContext(http, ticket.SessionId);
        IClientTransport? transport = null;
        Generation? generation = null;
        try
        {
            transport = await scope.MakeTransportAsync(context, cancellationToken).ConfigureAwait(false);
#pragma warning disable MSA1102 // Unless it is returned it stays open for the server, and is closed below.
            generation = await ConnectAsync(number, context, transport, http, deliver, scope, cancellationToken).ConfigureAwait(false);
#pragma warning restore MSA1102
            await AskAsync(generation, scope.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
            if (generation.Connection.SessionId == ticket.SessionId)
            {
                http.Attempts.Close();
                http.StaysOpen = false;
                Log.Resumed(scope.Logger, scope.NameOf(transport));
                return generation;
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotResumed(scope.Logger, scope.NameOf(transport), OpeningFailure.Reason(e));
        }
        finally
        {
            if (http.StaysOpen)
            {
                _ = Detached.Run(() => CloseAsync(scope, context, transport, generation));
            }
        }

        return null;
    }

    private static async Task<Generation> ConnectAsync(
        int number, McpConnectContext context, IClientTransport transport, HttpSessionState http, Action<Generation, JsonRpcMessage> deliver, TransportScope scope,
        CancellationToken cancellationToken)
    {
        var connection = await transport.ConnectAsync(cancellationToken).ConfigureAwait(false);
        return new Generation(number, context, transport, connection, http, deliver, scope) { IsResumed = true };
    }

    private static async Task CloseAsync(TransportScope scope, McpConnectContext context, IClientTransport? transport, Generation? generation)
    {
        if (generation is not null)
        {
            await generation.CloseAsync(
                scope.NameOf(transport), TimeSpan.Zero, scope.Options.DisposeTimeout, scope.Options.TimeProvider, CancellationToken.None).ConfigureAwait(false);
            return;
        }

        await scope.ReleaseAsync(transport).ConfigureAwait(false);
        context.DisposeHttpClients();
    }

    private static async Task AskAsync(Generation generation, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_patience, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var ping = new JsonRpcRequest { Id = new RequestId($"resume-{Guid.NewGuid():N}"), Method = RequestMethods.Ping };
        var reply = new OwnReply();
        await generation.RequestAsync(ping, reply, stop.Token).ConfigureAwait(false);
        if (reply.Reply is JsonRpcError { Error: { } error } && SessionLossDialects.SaysLost(error.Code, error.Message))
        {
            throw new SessionLostException(System.Net.HttpStatusCode.NotFound);
        }
    }
}

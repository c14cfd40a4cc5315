using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace McpSessions.Tests.Servers;

/// <summary>A TCP server that says what no proper server lets a test say. Every connection gets one conversation.</summary>
internal sealed partial class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Func<Stream, CancellationToken, Task> _converse;
    private readonly Task _accepting;

    public RawServer(Func<Stream, CancellationToken, Task> converse)
    {
        _converse = converse;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Endpoint => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/mcp");

    /// <summary>Speaks HTTP, one request per connection; the answer is written byte by byte as it is given.</summary>
    public static RawServer Http(Func<string, string> answer) => new(async (stream, cancellationToken) =>
        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer(await ReadRequestAsync(stream, cancellationToken))), cancellationToken));

    public static string Json(int status, string body, string headers = "") =>
        $"HTTP/1.1 {status} Whatever\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {Encoding.Latin1.GetByteCount(body)}\r\n{headers}\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true)
            {
                conversations.Add(ConverseAsync(await _listener.AcceptTcpClientAsync(_ended.Token)));
            }
        }
        catch (OperationCanceledException)
        {
        }

        await Task.WhenAll(conversations);
    }

    private async Task ConverseAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await _converse(client.GetStream(), _ended.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The other side has had enough.
            }
        }
    }

    private static async Task<string> ReadRequestAsync(Stream stream, CancellationToken cancellationToken)
    {
        var request = new StringBuilder();
        var buffer = new byte[4096];
        while (!IsWhole(request.ToString()))
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                break;
            }

            request.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return request.ToString();
    }

    private static bool IsWhole(string request)
    {
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        return request.Contains("chunked", StringComparison.OrdinalIgnoreCase)
            ? request.EndsWith("0\r\n\r\n", StringComparison.Ordinal)
            : request.Length - end - 4 >= (Length().Match(request) is { Success: true } length ? int.Parse(length.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : 0);
    }

    [GeneratedRegex(@"Content-Length: (\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex Length();
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ResearchServer;

/// <summary>Kestrel on the loopback interface, with one MCP endpoint at <c>/mcp</c>.</summary>
internal static class HttpHost
{
    public static async Task RunAsync(int port, bool stopWhenStdinCloses)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));

        await using var app = builder.Build();
        await using var endpoint = new StatefulEndpoint(app.Lifetime.ApplicationStopping);
        app.MapPost("/mcp", endpoint.PostAsync);
        app.MapGet("/mcp", endpoint.GetAsync);
        app.MapDelete("/mcp", endpoint.DeleteAsync);

        await app.StartAsync();
        Console.WriteLine($"Listening on {app.Urls.Single()}/mcp");

        if (stopWhenStdinCloses)
        {
            await Console.In.ReadToEndAsync();
            await app.StopAsync();
        }
        else
        {
            await app.WaitForShutdownAsync();
        }
    }
}

// The MCP SDK's server over Streamable HTTP in ASP.NET Core, 2.x.
using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;

namespace ModelContextProtocol.AspNetCore
{
    public class HttpServerTransportOptions
    {
        public Func<HttpContext, McpServerOptions, CancellationToken, Task>? ConfigureSessionOptions { get; set; }
        public Func<HttpContext, McpServer, CancellationToken, Task>? RunSessionHandler { get; set; }
        public bool Stateless { get; set; }
        public TimeSpan IdleTimeout { get; set; }
        public int MaxIdleSessionCount { get; set; }
    }
}

namespace Microsoft.AspNetCore.Builder
{
    public static class McpEndpointRouteBuilderExtensions
    {
        public static IEndpointConventionBuilder MapMcp(this IEndpointRouteBuilder endpoints, string pattern = "") => throw null!;
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    public static class HttpMcpServerBuilderExtensions
    {
        public static IMcpServerBuilder WithHttpTransport(this IMcpServerBuilder builder, Action<HttpServerTransportOptions>? configureOptions = null) => throw null!;
    }
}

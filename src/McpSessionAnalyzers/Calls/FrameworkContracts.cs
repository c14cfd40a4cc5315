namespace McpSessionAnalyzers.Calls;

/// <summary>Evidence 1 as data: types whose members a framework calls once per request, message or event.</summary>
internal static class FrameworkContracts
{
    /// <summary>Implementing or overriding one of these members makes an entry point.</summary>
    public static readonly Contract[] Members =
    {
        // HTTP
        new("middleware", "Microsoft.AspNetCore.Http.IMiddleware") { InstancePerCall = true },
        new("middleware", "Microsoft.Owin.OwinMiddleware") { Members = new[] { "Invoke" } },
        new("an endpoint filter", "Microsoft.AspNetCore.Http.IEndpointFilter"),
        new("an exception handler", "Microsoft.AspNetCore.Diagnostics.IExceptionHandler"),
        new(
            "an action filter",
            "Microsoft.AspNetCore.Mvc.Filters.IActionFilter",
            "Microsoft.AspNetCore.Mvc.Filters.IAsyncActionFilter",
            "Microsoft.AspNetCore.Mvc.Filters.IAuthorizationFilter",
            "Microsoft.AspNetCore.Mvc.Filters.IAsyncAuthorizationFilter",
            "Microsoft.AspNetCore.Mvc.Filters.IExceptionFilter",
            "Microsoft.AspNetCore.Mvc.Filters.IAsyncExceptionFilter",
            "Microsoft.AspNetCore.Mvc.Filters.IResourceFilter",
            "Microsoft.AspNetCore.Mvc.Filters.IAsyncResourceFilter",
            "Microsoft.AspNetCore.Mvc.Filters.IResultFilter",
            "Microsoft.AspNetCore.Mvc.Filters.IAsyncResultFilter",
            "Microsoft.AspNetCore.Mvc.Filters.IPageFilter",
            "Microsoft.AspNetCore.Mvc.Filters.IAsyncPageFilter",
            "Microsoft.AspNetCore.Mvc.Filters.ActionFilterAttribute"),
        new(
            "an authorization handler",
            "Microsoft.AspNetCore.Authorization.IAuthorizationHandler",
            "Microsoft.AspNetCore.Authorization.AuthorizationHandler`1",
            "Microsoft.AspNetCore.Authorization.AuthorizationHandler`2"),
        new(
            "an authentication handler",
            "Microsoft.AspNetCore.Authentication.AuthenticationHandler`1",
            "Microsoft.AspNetCore.Authentication.IClaimsTransformation")
        {
            Members = new[] { "HandleAuthenticateAsync", "HandleChallengeAsync", "HandleForbiddenAsync", "TransformAsync" },
        },
        new("a model binder", "Microsoft.AspNetCore.Mvc.ModelBinding.IModelBinder"),
        new("a tag helper", "Microsoft.AspNetCore.Razor.TagHelpers.ITagHelperComponent", "Microsoft.AspNetCore.Razor.TagHelpers.TagHelper") { Members = new[] { "Process", "ProcessAsync" }, InstancePerCall = true },
        new("an HTTP message handler", "System.Net.Http.HttpMessageHandler", "System.Net.Http.DelegatingHandler") { Members = new[] { "Send", "SendAsync" } },
        new(
            "an HTTP handler",
            "System.Web.IHttpHandler",
            "System.Web.IHttpAsyncHandler",
            "System.Web.HttpTaskAsyncHandler")
        {
            Members = new[] { "ProcessRequest", "ProcessRequestAsync", "BeginProcessRequest" },
        },
        new("an endpoint", "FastEndpoints.Endpoint`2", "FastEndpoints.BaseEndpoint") { Members = new[] { "HandleAsync", "ExecuteAsync" } },

        // Real-time and remote calls
        new("a SignalR hub filter", "Microsoft.AspNetCore.SignalR.IHubFilter") { Members = new[] { "InvokeMethodAsync" } },
        new("a gRPC interceptor", "Grpc.Core.Interceptors.Interceptor"),

        // Requests, commands and messages
        new(
            "a request handler",
            "MediatR.IRequestHandler`1",
            "MediatR.IRequestHandler`2",
            "MediatR.IStreamRequestHandler`2",
            "Mediator.IRequestHandler`1",
            "Mediator.IRequestHandler`2",
            "Mediator.ICommandHandler`1",
            "Mediator.ICommandHandler`2",
            "Mediator.IQueryHandler`2",
            "Mediator.IStreamRequestHandler`2",
            "Mediator.IStreamCommandHandler`2",
            "Mediator.IStreamQueryHandler`2",
            "SlimMessageBus.IRequestHandler`1",
            "SlimMessageBus.IRequestHandler`2",
            "Paramore.Brighter.RequestHandler`1",
            "Paramore.Brighter.RequestHandlerAsync`1")
        {
            InstancePerCall = true,
        },
        new("a notification handler", "MediatR.INotificationHandler`1", "Mediator.INotificationHandler`1") { InstancePerCall = true },
        new(
            "a pipeline behavior",
            "MediatR.IPipelineBehavior`2",
            "MediatR.IStreamPipelineBehavior`2",
            "MediatR.Pipeline.IRequestPreProcessor`1",
            "MediatR.Pipeline.IRequestPostProcessor`2",
            "Mediator.IPipelineBehavior`2"),
        new(
            "a message consumer",
            "MassTransit.IConsumer`1",
            "MassTransit.IJobConsumer`1",
            "SlimMessageBus.IConsumer`1",
            "EasyNetQ.AutoSubscribe.IConsume`1",
            "EasyNetQ.AutoSubscribe.IConsumeAsync`1")
        {
            InstancePerCall = true,
        },
        new(
            "a message handler",
            "NServiceBus.IHandleMessages`1",
            "Rebus.Handlers.IHandleMessages`1",
            "KafkaFlow.IMessageHandler`1",
            "KafkaFlow.IMessageMiddleware")
        {
            InstancePerCall = true,
        },
        new("an actor's message handler", "Proto.IActor"),

        // Functions
        new("a function middleware", "Microsoft.Azure.Functions.Worker.Middleware.IFunctionsWorkerMiddleware"),
        new(
            "a cloud function",
            "Google.Cloud.Functions.Framework.IHttpFunction",
            "Google.Cloud.Functions.Framework.ICloudEventFunction",
            "Google.Cloud.Functions.Framework.ICloudEventFunction`1")
        {
            InstancePerCall = true,
        },

        // Bots
        new(
            "a bot's turn handler",
            "Microsoft.Bot.Builder.IBot",
            "Microsoft.Bot.Builder.ActivityHandler",
            "Microsoft.Bot.Builder.Teams.TeamsActivityHandler",
            "Microsoft.Bot.Builder.IMiddleware",
            "Microsoft.Agents.Builder.IAgent",
            "Microsoft.Agents.Builder.IMiddleware",
            "Microsoft.Agents.Builder.Compat.ActivityHandler"),
        new("a bot dialog", "Microsoft.Bot.Builder.Dialogs.Dialog", "Microsoft.Bot.Builder.Dialogs.DialogContainer", "Microsoft.Bot.Builder.Dialogs.ComponentDialog"),
    };

    /// <summary>An attribute on the method makes it an entry point.</summary>
    public static readonly Contract[] Attributes =
    {
        new("an Azure Function", "Microsoft.Azure.Functions.Worker.FunctionAttribute", "Microsoft.Azure.WebJobs.FunctionNameAttribute") { InstancePerCall = true },
        new("a Lambda function", "Amazon.Lambda.Annotations.LambdaFunctionAttribute"),
        new("called from JavaScript", "Microsoft.JSInterop.JSInvokableAttribute"),
        new("a UI command", "CommunityToolkit.Mvvm.Input.RelayCommandAttribute") { UnlessLifecycle = true },
        new("a message handler", "DotNetCore.CAP.CapSubscribeAttribute", "Wolverine.Attributes.WolverineHandlerAttribute", "Dapr.TopicAttribute"),
        new("an HTTP endpoint", "Wolverine.Http.WolverineHttpMethodAttribute", "Microsoft.AspNetCore.Mvc.Routing.HttpMethodAttribute"),
        new("an RPC method", "StreamJsonRpc.JsonRpcMethodAttribute"),
        new(
            "a bot command",
            "Discord.Commands.CommandAttribute",
            "Discord.Interactions.SlashCommandAttribute",
            "Discord.Interactions.MessageCommandAttribute",
            "DSharpPlus.SlashCommands.SlashCommandAttribute",
            "NetCord.Services.ApplicationCommands.SlashCommandAttribute"),
    };

    /// <summary>By base class or by attribute.</summary>
    public static readonly Contract Controller = new(
        "a controller action",
        "Microsoft.AspNetCore.Mvc.ControllerBase",
        "Microsoft.AspNetCore.Mvc.Controller",
        "System.Web.Mvc.Controller",
        "System.Web.Http.ApiController")
    {
        InstancePerCall = true,
        InstanceReason = "a controller, created for each request",
    };

    /// <summary>Public instance methods of classes derived from these are entry points.</summary>
    public static readonly Contract[] BaseTypes =
    {
        Controller,
        new("a SignalR hub method", "Microsoft.AspNetCore.SignalR.Hub", "Microsoft.AspNetCore.SignalR.Hub`1", "Microsoft.AspNet.SignalR.Hub")
        {
            // A connection is not a call: who opens there may well keep the session for the connection.
            Except = new[] { "OnConnectedAsync", "OnDisconnectedAsync", "OnConnected", "OnDisconnected", "OnReconnected" },
            InstancePerCall = true,
            InstanceReason = "a SignalR hub, created for each invocation",
        },
        new("a view component", "Microsoft.AspNetCore.Mvc.ViewComponent") { Members = new[] { "Invoke", "InvokeAsync" }, InstancePerCall = true },
    };

    /// <summary>Attributes that make a class a controller without the base class.</summary>
    public static readonly TypeNames ControllerAttributes = new("Microsoft.AspNetCore.Mvc.ControllerAttribute", "Microsoft.AspNetCore.Mvc.ApiControllerAttribute");

    public static readonly TypeNames NonActionAttributes = new(
        "Microsoft.AspNetCore.Mvc.NonActionAttribute",
        "Microsoft.AspNetCore.Mvc.NonControllerAttribute",
        "Microsoft.AspNetCore.Mvc.RazorPages.NonHandlerAttribute",
        "System.Web.Mvc.NonActionAttribute",
        "System.Web.Http.NonActionAttribute");

    /// <summary>Interfaces whose attribute makes their members service operations.</summary>
    public static readonly TypeNames ServiceContractAttributes = new(
        "System.ServiceModel.ServiceContractAttribute",
        "CoreWCF.ServiceContractAttribute",
        "ProtoBuf.Grpc.Configuration.ServiceAttribute");

    /// <summary>Marks on a class whose public Handle and Consume methods take messages by convention.</summary>
    public static readonly TypeNames HandlerMarks = new("Wolverine.IWolverineHandler", "Wolverine.Attributes.WolverineHandlerAttribute");

    /// <summary>Interfaces that extend one of these declare grain methods.</summary>
    public static readonly TypeNames GrainInterfaces = new("Orleans.IGrain");

    /// <summary>A class with a constructor parameter of this type and an Invoke(HttpContext) method is middleware by convention, and a singleton.</summary>
    public static readonly TypeNames RequestDelegates = new("Microsoft.AspNetCore.Http.RequestDelegate");

    public static readonly TypeNames HttpContexts = new("Microsoft.AspNetCore.Http.HttpContext");

    public static readonly TypeNames PageModels = new("Microsoft.AspNetCore.Mvc.RazorPages.PageModel");

    public static readonly TypeNames LambdaContexts = new("Amazon.Lambda.Core.ILambdaContext");

    /// <summary>On the base class that the gRPC generator writes.</summary>
    public static readonly TypeNames GrpcServiceAttributes = new("Grpc.Core.BindServiceMethodAttribute");
}

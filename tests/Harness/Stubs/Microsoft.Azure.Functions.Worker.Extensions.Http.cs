// Azure Functions, isolated worker: the HTTP trigger.
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

public sealed class HttpTriggerAttribute : TriggerBindingAttribute
{
    public HttpTriggerAttribute() { }
    public HttpTriggerAttribute(params string[] methods) { }
    public HttpTriggerAttribute(AuthorizationLevel authLevel) { }
    public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) { }
    public string? Route { get; set; }
}

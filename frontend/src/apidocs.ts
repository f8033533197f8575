// The API's own pages, drawn by Swagger UI from the control plane's description of itself.

import 'swagger-ui-dist/swagger-ui.css';
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';

SwaggerUI({ url: '/api/openapi.json', dom_id: '#root', deepLinking: true });
